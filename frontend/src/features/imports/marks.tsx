import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/ui";
import type { ImportStatus } from "./types";

const COLOR: Partial<Record<ImportStatus, string>> = {
  done: "pine",
  failed: "red",
  checking: "blue",
  running: "blue",
  undoing: "blue",
  checked: "yellow",
};

export function StatusMark({ status }: { status: ImportStatus }) {
  const { t } = useTranslation("imports");
  return (
    <Badge tt="none" radius="sm" fw={500} variant="light" color={COLOR[status] ?? "gray"}>
      {t(`status.${status}`)}
    </Badge>
  );
}
