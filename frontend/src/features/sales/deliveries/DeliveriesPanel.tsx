import { IconPencil, IconTruckDelivery, IconX } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { Badge, Button, Confirm, IconButton, Panel } from "@/shared/ui";
import classes from "../Order.module.css";
import type { Delivery, Order } from "../types";
import { cancelDelivery } from "./queries";

const DeliverDialog = lazy(() =>
  import("./DeliveryDialogs").then((module) => ({ default: module.DeliverDialog })),
);
const CorrectionDialog = lazy(() =>
  import("./DeliveryDialogs").then((module) => ({ default: module.CorrectionDialog })),
);

type Doing = "deliver" | { correct: Delivery } | { cancel: Delivery };

/** What went out on an order, the latest first; what is still open goes out with a press. */
export function DeliveriesPanel({ order, onChanged }: { order: Order; onChanged: () => Promise<unknown> }) {
  const { t } = useTranslation("sales");
  const mayWrite = useCan("sales:order:write");
  const [doing, setDoing] = useState<Doing>();
  const close = () => setDoing(undefined);
  if (order.delivery === null && order.deliveries.length === 0) return null;
  const mayDeliver = mayWrite && order.status === "confirmed";
  const mayTakeBack = mayWrite && (order.status === "confirmed" || order.status === "delivered");
  return (
    <Panel
      title={t("deliveries")}
      flush
      aside={
        mayDeliver && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconTruckDelivery size={16} stroke={1.6} />}
            onClick={() => setDoing("deliver")}
          >
            {t("deliver")}
          </Button>
        )
      }
    >
      {order.deliveries.length === 0 ? (
        <p className={classes.nothing}>
          {t(order.delivery === "full" ? "delivered_by_hand" : "no_deliveries")}
        </p>
      ) : (
        <ul className={classes.rows}>
          {order.deliveries.toReversed().map((one) => (
            <li key={one.id} className={classes.row}>
              <Goods order={order} delivery={one} />
              {!one.cancelled && mayWrite && (
                <IconButton label={t("correct_delivery")} onClick={() => setDoing({ correct: one })}>
                  <IconPencil size={16} stroke={1.6} />
                </IconButton>
              )}
              {!one.cancelled && mayTakeBack && (
                <IconButton label={t("cancel_delivery")} onClick={() => setDoing({ cancel: one })}>
                  <IconX size={16} stroke={1.6} />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
      <Suspense>
        {doing === "deliver" && <DeliverDialog order={order} onClose={close} onSaved={onChanged} />}
        {typeof doing === "object" && "correct" in doing && (
          <CorrectionDialog order={order} delivery={doing.correct} onClose={close} onSaved={onChanged} />
        )}
      </Suspense>
      <Confirm
        opened={typeof doing === "object" && "cancel" in doing}
        onClose={close}
        title={t("cancel_delivery_title")}
        verb={t("cancel_delivery")}
        danger
        onConfirm={async () => {
          if (typeof doing === "object" && "cancel" in doing) await cancelDelivery(doing.cancel.id);
          await onChanged();
        }}
      >
        {t("cancel_delivery_hint")}
      </Confirm>
    </Panel>
  );
}

/** What went out, when and by whom. */
function Goods({ order, delivery }: { order: Order; delivery: Delivery }) {
  const { t } = useTranslation("sales");
  const f = useFormat();
  const name = (id: number) => order.lines.find((line) => line.id === id)?.name ?? "";
  const goods = delivery.lines.map((line) => `${name(line.line_id)} × ${f.quantity(line.quantity)}`);
  const words = [delivery.carrier, delivery.tracking, delivery.note].filter(Boolean).join(" · ");
  return (
    <span className={classes.rowWords}>
      <span className={delivery.cancelled ? classes.gone : undefined}>{goods.join(t("list_comma"))}</span>{" "}
      {delivery.cancelled && (
        <Badge tt="none" radius="sm" fw={500} variant="light" color="gray">
          {t("delivery_cancelled")}
        </Badge>
      )}
      <span className={classes.under}>
        {f.date(delivery.on)}
        {words && ` · ${words}`}
      </span>
    </span>
  );
}
