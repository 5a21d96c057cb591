import { IconCash, IconFileInvoice, IconX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { placesOf, scaled, written } from "@/shared/format/decimal";
import { Button, Confirm, IconButton, Panel } from "@/shared/ui";
import classes from "../Order.module.css";
import type { Bill, Order } from "../types";
import { BillMark } from "./BillMark";
import { BILLS, billsOfQuery, cancelBill } from "./queries";

const BillDialog = lazy(() => import("./BillDialog").then((module) => ({ default: module.BillDialog })));
const PaymentDialog = lazy(() =>
  import("../MoneyDialogs").then((module) => ({ default: module.PaymentDialog })),
);

type Doing = "bill" | { pay: Bill } | { cancel: Bill };

/** The bills of an order, the earliest due first; what is not billed yet is billed with a press. */
export function BillsPanel({ order, onChanged }: { order: Order; onChanged: () => Promise<unknown> }) {
  const { t } = useTranslation("bills");
  const client = useQueryClient();
  const mayWrite = useCan("sales:order:write");
  const [doing, setDoing] = useState<Doing>();
  const bills = useQuery(billsOfQuery(order.id)).data?.items ?? [];
  const close = () => setDoing(undefined);
  const changed = async () => {
    await onChanged();
    await client.invalidateQueries({ queryKey: keys.of(BILLS) });
  };
  const isSale = order.delivery !== null;
  if (!isSale && bills.length === 0) return null;
  const open = openAmount(order, bills);
  const cancelling = typeof doing === "object" && "cancel" in doing ? doing.cancel : undefined;
  return (
    <Panel
      title={t("title")}
      flush
      aside={
        isSale &&
        mayWrite &&
        /[1-9]/.test(open) && (
          <Button
            size="compact-sm"
            variant="subtle"
            leftSection={<IconFileInvoice size={16} stroke={1.6} />}
            onClick={() => setDoing("bill")}
          >
            {t("make")}
          </Button>
        )
      }
    >
      {bills.length === 0 && <p className={classes.nothing}>{t("none")}</p>}
      <ul className={classes.rows}>
        {bills.map((bill) => (
          <li key={bill.id} className={classes.row}>
            <BillWords bill={bill} />
            {mayWrite &&
              isSale &&
              /[1-9]/.test(bill.balance.amount) &&
              !bill.balance.amount.startsWith("-") && (
                <IconButton label={t("pay", bill)} onClick={() => setDoing({ pay: bill })}>
                  <IconCash size={16} stroke={1.6} />
                </IconButton>
              )}
            {mayWrite && bill.status !== "cancelled" && (
              <IconButton label={t("cancel", bill)} onClick={() => setDoing({ cancel: bill })}>
                <IconX size={16} stroke={1.6} />
              </IconButton>
            )}
          </li>
        ))}
      </ul>
      <Suspense>
        {doing === "bill" && <BillDialog order={order} open={open} onClose={close} onSaved={changed} />}
        {typeof doing === "object" && "pay" in doing && (
          <PaymentDialog order={order} bill={doing.pay} onClose={close} onSaved={changed} />
        )}
      </Suspense>
      <Confirm
        opened={cancelling !== undefined}
        onClose={close}
        title={t("cancel_title", { code: cancelling?.code })}
        verb={t("cancel_verb")}
        danger
        onConfirm={async () => {
          if (cancelling) await cancelBill(cancelling.id);
          await changed();
        }}
      >
        {t("cancel_hint")}
      </Confirm>
    </Panel>
  );
}

function BillWords({ bill }: { bill: Bill }) {
  const { t } = useTranslation("bills");
  const f = useFormat();
  const credited = /[1-9]/.test(bill.credited.amount);
  return (
    <span className={classes.rowWords}>
      <span className="tabular">{bill.code}</span> <BillMark status={bill.status} />{" "}
      <span className="tabular">{f.money(bill.amount)}</span>
      <span className={classes.under}>
        {t("due_by", { day: f.date(bill.due_on) })}
        {bill.status === "partly" || bill.status === "overdue"
          ? ` · ${t("owed", { amount: f.money(bill.balance) })}`
          : ""}
        {credited && ` · ${t("credited_of", { amount: f.money(bill.credited) })}`}
        {bill.note && ` · ${bill.note}`}
      </span>
    </span>
  );
}

/** What is not billed yet: net less returns, less what stands on bills. */
function openAmount(order: Order, bills: Bill[]): string {
  const places = placesOf(order.currency);
  const minor = (money: { amount: string }) => scaled(money.amount, places);
  const billed = bills
    .filter((bill) => bill.status !== "cancelled")
    .reduce((sum, bill) => sum + minor(bill.amount) - minor(bill.credited), 0n);
  const open = minor(order.net) - minor(order.returned) - billed;
  return written(open > 0n ? open : 0n, places);
}
