import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/ui";
import type { Status } from "./types";

const COLOR: Record<Status, string> = {
  open: "blue",
  proposed: "yellow",
  rejected: "red",
  approved: "pine",
  qualified: "pine",
  withdrawn: "gray",
};

/** How far a qualification is. */
export function QualificationMark({ status }: { status: Status }) {
  const { t } = useTranslation("qualifications");
  return (
    <Badge
      tt="none"
      radius="sm"
      fw={500}
      variant={status === "qualified" ? "filled" : "light"}
      color={COLOR[status]}
    >
      {t(`status.${status}`)}
    </Badge>
  );
}
