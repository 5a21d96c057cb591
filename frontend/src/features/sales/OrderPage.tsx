import { IconArrowBackUp, IconCash, IconPencil } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { CustomFacts, useDictionary } from "@/features/customers";
import { Facts, InlineField } from "@/shared/form";
import { useFormat } from "@/shared/format";
import {
  Button,
  ButtonLink,
  Confirm,
  ConfirmDelete,
  DeleteButton,
  Figures,
  Group,
  Page,
  PageHeader,
  Panel,
  TextLink,
  Waiting,
} from "@/shared/ui";
import { BillsPanel } from "./bills/BillsPanel";
import { DeliveriesPanel } from "./deliveries/DeliveriesPanel";
import { LineTable } from "./LineTable";
import { LateMark, PartMark, StatusMark } from "./marks";
import classes from "./Order.module.css";
import { PaperMenu } from "./PaperMenu";
import { deleteOrder, moveOrder, orderQuery } from "./queries";
import { type Order, STATUSES, type Status } from "./types";

const PaymentDialog = lazy(() =>
  import("./MoneyDialogs").then((module) => ({ default: module.PaymentDialog })),
);
const ReturnDialog = lazy(() =>
  import("./MoneyDialogs").then((module) => ({ default: module.ReturnDialog })),
);

export function OrderPage() {
  const { id } = useParams({ from: "/_app/orders/$id/" });
  const order = useQuery(orderQuery(id));
  if (order.data) return <Shown order={order.data} />;
  return (
    <Page width="regular">
      <Waiting query={order} rows={10} />
    </Page>
  );
}

const STEPS: Record<Status, Status[]> = {
  draft: ["confirmed", "cancelled"],
  confirmed: ["delivered", "cancelled"],
  delivered: ["completed"],
  completed: [],
  cancelled: [],
};

function Shown({ order }: { order: Order }) {
  const { t } = useTranslation("sales");
  const f = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayWrite = useCan("sales:order:write");
  const channel = useDictionary("channel");
  const [doing, setDoing] = useState<"pay" | "return" | "cancel" | "delete">();
  const refresh = async () => {
    await client.invalidateQueries({ queryKey: keys.of("orders") });
    void client.invalidateQueries({ queryKey: keys.of("bills") });
    // Figures of the customer follow from orders.
    void client.invalidateQueries({ queryKey: keys.of("customers") });
  };
  const move = useMutation({
    mutationFn: (status: Status) => moveOrder(order.id, status),
    onSuccess: refresh,
  });
  const moves = order.next_statuses ?? STEPS[order.status];
  const rank = (status: Status) => STATUSES.indexOf(status);
  const next = moves.filter((one) => one !== "cancelled" && rank(one) > rank(order.status));
  const back = moves.filter((one) => one !== "cancelled" && rank(one) < rank(order.status));
  const mayCancel = moves.includes("cancelled");
  const open = order.status !== "cancelled" && order.status !== "draft";
  return (
    <Page width="regular">
      <PageHeader
        title={order.code}
        eyebrow={<TextLink to="/orders">{t("title")}</TextLink>}
        description={
          <Group gap="xs" component="span">
            <StatusMark status={order.status} />
            {order.delivery === "part" && <PartMark />}
            {order.late && <LateMark />}
            {order.customer.name && (
              <TextLink to="/customers/$id" params={{ id: order.customer.id }}>
                {order.customer.name}
              </TextLink>
            )}
            <span>{f.date(order.ordered_on)}</span>
          </Group>
        }
        actions={
          <>
            <PaperMenu of="orders" id={order.id} code={order.code} />
            {mayWrite && (
              <>
                {order.status !== "cancelled" && (
                  <ButtonLink
                    variant="default"
                    to="/orders/$id/edit"
                    params={{ id: order.id }}
                    leftSection={<IconPencil size={16} stroke={1.6} />}
                  >
                    {t("common:action.edit")}
                  </ButtonLink>
                )}
                {open && (
                  <Button
                    variant="default"
                    leftSection={<IconArrowBackUp size={16} stroke={1.6} />}
                    onClick={() => setDoing("return")}
                  >
                    {t("return")}
                  </Button>
                )}
                {open && (
                  <Button
                    variant="default"
                    leftSection={<IconCash size={16} stroke={1.6} />}
                    onClick={() => setDoing("pay")}
                  >
                    {t("pay")}
                  </Button>
                )}
                {next.map((status) => (
                  <Button
                    key={status}
                    loading={move.isPending && move.variables === status}
                    onClick={() => move.mutate(status)}
                  >
                    {t(`move.${status}`)}
                  </Button>
                ))}
              </>
            )}
          </>
        }
      />
      <Figures
        figures={(["net", "paid", "returned", "balance"] as const).map((key) => ({
          key,
          label: t(`field.${key}`),
          hint: t(`hint.${key}`),
          value: f.money(order[key]),
          due: key === "balance" && !/^-?0+(\.0+)?$/.test(order.balance.amount),
        }))}
      />
      <Panel title={t("lines")} flush>
        <LineTable of={order} order={order} />
      </Panel>
      <div className={classes.below}>
        <Panel title={t("facts")}>
          <Facts>
            <InlineField label={t("field.owner")} row={order}>
              {order.owner?.name}
            </InlineField>
            <InlineField label={t("field.channel")} row={order}>
              {channel.word(order.channel)}
            </InlineField>
            <InlineField label={t("field.unit")} row={order}>
              {order.unit.name}
            </InlineField>
            <InlineField label={t("field.ordered_at")} row={order}>
              {f.dateTime(order.ordered_at)}
            </InlineField>
            {order.quote && (
              <InlineField label={t("field.quote")} row={order}>
                <TextLink to="/quotes/$id" params={{ id: order.quote.id }}>
                  {order.quote.name}
                </TextLink>
              </InlineField>
            )}
            {order.opportunity?.name && (
              <InlineField label={t("field.opportunity")} row={order}>
                <TextLink to="/sales/$id" params={{ id: order.opportunity.id }}>
                  {order.opportunity.name}
                </TextLink>
              </InlineField>
            )}
            <CustomFacts resource="order" row={order} />
            <InlineField label={t("field.note")} row={order}>
              {order.note}
            </InlineField>
          </Facts>
        </Panel>
        <div className={classes.stack}>
          <DeliveriesPanel order={order} onChanged={refresh} />
          <BillsPanel order={order} onChanged={refresh} />
          <Movements order={order} />
        </div>
      </div>
      {mayWrite && (
        <Group gap="xs">
          {back.map((status) => (
            <Button
              key={status}
              variant="subtle"
              loading={move.isPending && move.variables === status}
              onClick={() => move.mutate(status)}
            >
              {t("back_to", { status: t(`status.${status}`) })}
            </Button>
          ))}
          {mayCancel && (
            <Button variant="subtle" color="red" onClick={() => setDoing("cancel")}>
              {t("move.cancelled")}
            </Button>
          )}
          {(order.status === "draft" || order.status === "cancelled") && (
            <DeleteButton onClick={() => setDoing("delete")} />
          )}
        </Group>
      )}
      <Suspense>
        {doing === "pay" && (
          <PaymentDialog order={order} onClose={() => setDoing(undefined)} onSaved={refresh} />
        )}
        {doing === "return" && (
          <ReturnDialog order={order} onClose={() => setDoing(undefined)} onSaved={refresh} />
        )}
      </Suspense>
      <Confirm
        opened={doing === "cancel"}
        onClose={() => setDoing(undefined)}
        title={t("cancel_title", { code: order.code })}
        verb={t("move.cancelled")}
        danger
        onConfirm={async () => {
          await moveOrder(order.id, "cancelled");
          await refresh();
        }}
      >
        {t("cancel_hint")}
      </Confirm>
      <ConfirmDelete
        opened={doing === "delete"}
        onClose={() => setDoing(undefined)}
        title={t("delete_title", { code: order.code })}
        onConfirm={async () => {
          await deleteOrder(order);
          await navigate({ to: "/orders" });
          await refresh();
        }}
      >
        {t("delete_hint")}
      </ConfirmDelete>
    </Page>
  );
}

/** Money and goods that moved after the order: payments and returns, latest first. */
function Movements({ order }: { order: Order }) {
  const { t } = useTranslation("sales");
  const f = useFormat();
  const method = useDictionary("payment_method");
  const reason = useDictionary("return_reason");
  const lineName = (id: number | null | undefined) => order.lines.find((line) => line.id === id)?.name;
  const all = [
    ...order.payments.map((one) => ({
      ...one,
      kind: "payment" as const,
      words: method.word(one.method),
    })),
    ...order.returns.map((one) => ({
      ...one,
      kind: "return" as const,
      words: [lineName(one.line_id), one.quantity && `× ${f.quantity(one.quantity)}`, reason.word(one.reason)]
        .filter(Boolean)
        .join(" · "),
    })),
  ].toSorted((a, b) => (a.on < b.on ? 1 : a.on > b.on ? -1 : 0));
  return (
    <Panel title={t("movements")} flush>
      {all.length === 0 ? (
        <p className={classes.nothing}>{t("no_movements")}</p>
      ) : (
        <ul className={classes.rows}>
          {all.map((one) => (
            <li key={`${one.kind}${one.id}`} className={classes.row}>
              <span className={classes.rowWords}>
                {t(one.kind)}
                {one.words && <span className="dim"> · {one.words}</span>}
              </span>
              <span className="dim">{f.date(one.on)}</span>
              <span className="tabular">
                {one.kind === "return" ? "− " : ""}
                {f.money(one.amount)}
              </span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
