import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/ui";
import type { BillStatus } from "../types";

const COLOR: Record<BillStatus, string> = {
  open: "blue",
  partly: "grape",
  paid: "pine",
  overdue: "red",
  cancelled: "gray",
};

export function BillMark({ status }: { status: BillStatus }) {
  const { t } = useTranslation("bills");
  return (
    <Badge tt="none" radius="sm" fw={500} variant="light" color={COLOR[status]}>
      {t(`status.${status}`)}
    </Badge>
  );
}
