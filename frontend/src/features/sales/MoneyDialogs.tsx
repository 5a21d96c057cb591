import { type ComponentProps, useRef } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { idempotencyKey, useMe } from "@/api";
import { useDictionary } from "@/features/customers";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { useFormat } from "@/shared/format";
import { dayIn } from "@/shared/format/day";
import { lineAmount, placesOf, readDecimal, scaled, trimmed, written } from "@/shared/format/decimal";
import { DateField, Dialog, Group, Select, Text, TextInput, toast } from "@/shared/ui";
import { payOrder, returnGoods } from "./queries";
import type { Bill, Order } from "./types";

interface Props {
  order: Order;
  onClose: () => void;
  onSaved: () => Promise<unknown>;
}

const positive = () =>
  z.string().check(z.refine((typed) => scaled(readDecimal(typed) ?? "0", 3) > 0n, "form.number"));

/** Money that came for an order, or for one of its bills. */
export function PaymentDialog({ order, bill, onClose, onSaved }: Props & { bill?: Bill }) {
  const { t } = useTranslation("sales");
  const f = useFormat();
  const me = useMe();
  const methods = useDictionary("payment_method");
  const once = useRef(idempotencyKey());
  const balance = bill?.balance ?? order.balance;
  const due = balance.amount.startsWith("-") ? "" : balance.amount;
  const form = useServerForm({
    initial: { amount: due, on: dayIn(me.company.time_zone), method: null as string | null },
    schema: z.object({ amount: positive(), on: rules.chosen() }),
    save: (values) =>
      payOrder(
        order.id,
        {
          amount: { amount: readDecimal(values.amount) ?? "", currency: order.currency },
          on: values.on,
          method: values.method,
          bill_id: bill?.id,
        },
        once.current,
      ),
    onSaved: async () => {
      toast.done(t("paid"));
      await onSaved();
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={bill ? t("pay_bill", bill) : t("pay")} size="sm">
      <Form form={form}>
        <Text size="sm" c="dimmed">
          {t("due", { amount: f.money(balance) })}
        </Text>
        <AmountInput currency={order.currency} data-autofocus {...form.field("amount")} />
        <Group grow align="flex-start">
          <DayInput value={form.values.on} onChange={(on) => form.set("on", on)} />
          <Select
            label={t("field.method")}
            clearable
            searchable
            data={methods.options}
            {...form.field("method")}
          />
        </Group>
        <FormActions form={form} onCancel={onClose} verb={t("pay")} />
      </Form>
    </Dialog>
  );
}

export function ReturnDialog({ order, onClose, onSaved }: Props) {
  const { t } = useTranslation("sales");
  const me = useMe();
  const reasons = useDictionary("return_reason");
  const once = useRef(idempotencyKey());
  const places = placesOf(order.currency);
  const form = useServerForm({
    initial: {
      line_id: order.lines.length === 1 ? String(order.lines[0]?.id) : (null as string | null),
      quantity: "",
      amount: "",
      on: dayIn(me.company.time_zone),
      reason: null as string | null,
    },
    schema: z.object({ amount: positive(), on: rules.chosen() }),
    save: (values) =>
      returnGoods(
        order.id,
        {
          line_id: values.line_id === null ? null : Number(values.line_id),
          quantity: readDecimal(values.quantity) ?? null,
          amount: { amount: readDecimal(values.amount) ?? "", currency: order.currency },
          on: values.on,
          reason: values.reason,
        },
        once.current,
      ),
    onSaved: async () => {
      toast.done(t("returned"));
      await onSaved();
      onClose();
    },
  });
  /** What the goods cost: the line's amount in proportion, until the person writes another sum. */
  const setQuantity = (line: string | null, quantity: string) => {
    form.set("quantity", quantity);
    const chosen = order.lines.find((one) => String(one.id) === line);
    const count = readDecimal(quantity);
    if (!chosen || !count) return;
    const price = lineAmount(count, chosen.price.amount, "0", places);
    const whole = lineAmount(chosen.quantity, chosen.price.amount, "0", places);
    const part = whole === 0n ? 0n : (price * scaled(chosen.amount.amount, places) + whole / 2n) / whole;
    form.set("amount", written(part, places));
  };
  return (
    <Dialog opened onClose={onClose} title={t("return")}>
      <Form form={form}>
        <Select
          label={t("field.product")}
          clearable
          data={order.lines.map((line) => ({
            value: String(line.id),
            label: `${line.name} × ${trimmed(line.quantity)}`,
          }))}
          value={form.values.line_id}
          onChange={(line) => {
            form.set("line_id", line);
            setQuantity(line, form.values.quantity);
          }}
          error={form.field("line_id").error}
        />
        <Group grow align="flex-start">
          <TextInput
            label={t("field.quantity")}
            inputMode="decimal"
            value={form.values.quantity}
            error={form.field("quantity").error}
            onChange={(event) => setQuantity(form.values.line_id, event.currentTarget.value)}
          />
          <AmountInput currency={order.currency} {...form.field("amount")} />
        </Group>
        <Group grow align="flex-start">
          <DayInput value={form.values.on} onChange={(on) => form.set("on", on)} />
          <Select
            label={t("field.reason")}
            clearable
            searchable
            data={reasons.options}
            {...form.field("reason")}
          />
        </Group>
        <FormActions form={form} onCancel={onClose} verb={t("return")} />
      </Form>
    </Dialog>
  );
}

function AmountInput({ currency, ...rest }: { currency: string } & ComponentProps<typeof TextInput>) {
  const { t } = useTranslation("sales");
  return (
    <TextInput
      label={t("field.amount")}
      required
      inputMode="decimal"
      rightSection={<span className="dim">{currency}</span>}
      rightSectionWidth={52}
      {...rest}
    />
  );
}

function DayInput({ value, onChange }: { value: string; onChange: (day: string) => void }) {
  const { t } = useTranslation("sales");
  return (
    <DateField
      label={t("field.on")}
      required
      clearable={false}
      value={value}
      onChange={(day) => onChange(day ?? "")}
    />
  );
}
