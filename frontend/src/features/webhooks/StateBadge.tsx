import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/ui";
import type { Delivery, Webhook } from "./queries";

/** Whether an endpoint is told things, and whether they arrive. */
export function StateBadge({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation("admin");
  const state = !webhook.active ? "off" : webhook.failing_since ? "failing" : "on";
  const color = { off: webhook.stopped_for ? "red" : "gray", failing: "ember", on: "pine" }[state];
  return (
    <Badge variant="light" color={color}>
      {t(`webhooks.${state}`)}
    </Badge>
  );
}

const COLORS: Record<Delivery["status"], string> = {
  waiting: "ember",
  delivered: "pine",
  failed: "red",
  withheld: "gray",
};

export function StatusBadge({ status }: { status: Delivery["status"] }) {
  const { t } = useTranslation("admin");
  return (
    <Badge variant="light" color={COLORS[status]}>
      {t(`webhooks.status.${status}`)}
    </Badge>
  );
}
