import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/ui";
import type { Status } from "./types";

const COLOR: Record<Status, string> = {
  draft: "gray",
  confirmed: "blue",
  delivered: "grape",
  completed: "pine",
  cancelled: "red",
};

export function StatusMark({ status }: { status: Status }) {
  const { t } = useTranslation("sales");
  return (
    <Badge tt="none" radius="sm" fw={500} variant="light" color={COLOR[status]}>
      {t(`status.${status}`)}
    </Badge>
  );
}
