import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/ui";
import type { QuoteStatus, Status } from "./types";

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

const QUOTE_COLOR: Record<QuoteStatus, string> = {
  draft: "gray",
  sent: "blue",
  accepted: "pine",
  declined: "red",
  expired: "yellow",
  superseded: "gray",
};

export function QuoteMark({ status }: { status: QuoteStatus }) {
  const { t } = useTranslation("quotes");
  return (
    <Badge tt="none" radius="sm" fw={500} variant="light" color={QUOTE_COLOR[status]}>
      {t(`status.${status}`)}
    </Badge>
  );
}

/** That some of an order is still to go: the status tells the rest. */
export function PartMark() {
  const { t } = useTranslation("sales");
  return (
    <Badge tt="none" radius="sm" fw={500} variant="light" color="grape">
      {t("delivery.part")}
    </Badge>
  );
}

/** Something promised is not there in time. */
export function LateMark() {
  const { t } = useTranslation("sales");
  return (
    <Badge tt="none" radius="sm" fw={500} variant="light" color="red">
      {t("late")}
    </Badge>
  );
}
