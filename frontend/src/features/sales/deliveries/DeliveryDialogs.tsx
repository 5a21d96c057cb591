import { useRef } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { idempotencyKey, useMe } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { useFormat } from "@/shared/format";
import { dayIn } from "@/shared/format/day";
import { readDecimal, scaled, trimmed } from "@/shared/format/decimal";
import { DateField, Dialog, Group, Text, Textarea, TextInput, toast } from "@/shared/ui";
import classes from "../Order.module.css";
import type { Delivery, Line, Order } from "../types";
import { correctDelivery, deliver } from "./queries";

interface Props {
  order: Order;
  onClose: () => void;
  onSaved: () => Promise<unknown>;
}

interface Words extends Record<string, unknown> {
  on: string;
  carrier: string;
  tracking: string;
  note: string;
}

interface DeliverValues extends Words {
  lines: { line_id: number; quantity: string }[];
}

const openOf = (line: Line) => line.delivery?.open ?? "0";
const isMore = (quantity: string) => scaled(quantity, 3) > 0n;

const quantity = z.string().check(
  z.refine((typed) => {
    const value = readDecimal(typed || "0");
    return value !== undefined && scaled(value, 3) >= 0n;
  }, "form.number"),
);

const words = (values: Words) => ({
  on: values.on,
  carrier: values.carrier.trim() || null,
  tracking: values.tracking.trim() || null,
  note: values.note.trim() || null,
});

/** Sends goods out: everything that is still open, unless the person writes less. */
export function DeliverDialog({ order, onClose, onSaved }: Props) {
  const { t } = useTranslation("sales");
  const f = useFormat();
  const me = useMe();
  const once = useRef(idempotencyKey());
  const open = order.lines.filter((line) => isMore(openOf(line)));
  const initial: DeliverValues = {
    on: dayIn(me.company.time_zone),
    carrier: order.deliveries.findLast((one) => one.carrier)?.carrier ?? "",
    tracking: "",
    note: "",
    lines: open.map((line) => ({ line_id: line.id, quantity: trimmed(openOf(line)) })),
  };
  const form = useServerForm({
    initial,
    schema: z.object({ on: rules.chosen(), lines: z.array(z.object({ quantity })) }),
    save: (values) => {
      const lines = values.lines.map((line) => ({ ...line, quantity: readDecimal(line.quantity) ?? "0" }));
      const body = { ...words(values), lines: lines.filter((line) => isMore(line.quantity)) };
      return deliver(order.id, body, once.current);
    },
    onSaved: async () => {
      toast.done(t("delivered"));
      await onSaved();
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("deliver")}>
      <Form form={form}>
        {open.map((line, index) => (
          <div key={line.id} className={classes.sent}>
            <span className={classes.rowWords}>
              {line.name}
              <span className={classes.under}>{t("open_of", { open: f.quantity(openOf(line)) })}</span>
            </span>
            <TextInput
              aria-label={t("quantity_of", { name: line.name })}
              inputMode="decimal"
              w={110}
              {...form.field(`lines.${index}.quantity`)}
            />
          </div>
        ))}
        <WordFields form={form} />
        <FormActions form={form} onCancel={onClose} verb={t("deliver")} />
      </Form>
    </Dialog>
  );
}

/** Puts right when and by whom goods went out. */
export function CorrectionDialog({ delivery, onClose, onSaved }: Props & { delivery: Delivery }) {
  const { t } = useTranslation("sales");
  const once = useRef(idempotencyKey());
  const initial: Words = {
    on: delivery.on,
    carrier: delivery.carrier ?? "",
    tracking: delivery.tracking ?? "",
    note: delivery.note ?? "",
  };
  const form = useServerForm({
    initial,
    schema: z.object({ on: rules.chosen() }),
    save: (values) => correctDelivery(delivery.id, words(values), once.current),
    onSaved: async () => {
      toast.done(t("delivery_corrected"));
      await onSaved();
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("correct_delivery")}>
      <Form form={form}>
        <Text size="sm" c="dimmed">
          {t("correct_delivery_hint")}
        </Text>
        <WordFields form={form} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

function WordFields<V extends Words>({ form }: { form: ReturnType<typeof useServerForm<V, unknown>> }) {
  const { t } = useTranslation("sales");
  return (
    <>
      <DateField
        label={t("field.on")}
        required
        clearable={false}
        value={form.values.on}
        onChange={(day) => form.set("on", (day ?? "") as never)}
        error={form.field("on").error}
      />
      <Group grow align="flex-start">
        <TextInput label={t("field.carrier")} maxLength={100} {...form.field("carrier")} />
        <TextInput label={t("field.tracking")} maxLength={100} {...form.field("tracking")} />
      </Group>
      <Textarea label={t("field.note")} autosize minRows={1} maxLength={2000} {...form.field("note")} />
    </>
  );
}
