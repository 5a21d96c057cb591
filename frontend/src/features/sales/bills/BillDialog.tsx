import { useRef } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { idempotencyKey, useMe } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { dayIn } from "@/shared/format/day";
import { readDecimal, scaled } from "@/shared/format/decimal";
import { DateField, Dialog, Group, Textarea, TextInput, toast } from "@/shared/ui";
import type { Order } from "../types";
import { billOrder } from "./queries";

interface Props {
  order: Order;
  /** What may still be billed. */
  open: string;
  onClose: () => void;
  onSaved: () => Promise<unknown>;
}

/** Bills what is open of an order, unless the person writes less. */
export function BillDialog({ order, open, onClose, onSaved }: Props) {
  const { t } = useTranslation("bills");
  const me = useMe();
  const once = useRef(idempotencyKey());
  const form = useServerForm({
    initial: { amount: open, on: dayIn(me.company.time_zone), due_on: null as string | null, note: "" },
    schema: z.object({
      amount: z.string().check(z.refine((typed) => scaled(readDecimal(typed) ?? "0", 3) > 0n, "form.number")),
      on: rules.chosen(),
    }),
    save: (values) =>
      billOrder(
        order.id,
        {
          amount: { amount: readDecimal(values.amount) ?? "", currency: order.currency },
          on: values.on,
          due_on: values.due_on,
          note: values.note.trim() || null,
        },
        once.current,
      ),
    onSaved: async (bill) => {
      toast.done(t("made", { code: bill.code }));
      await onSaved();
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("make")} size="sm">
      <Form form={form}>
        <TextInput
          label={t("field.amount")}
          required
          inputMode="decimal"
          rightSection={<span className="dim">{order.currency}</span>}
          rightSectionWidth={52}
          data-autofocus
          {...form.field("amount")}
        />
        <Group grow align="flex-start">
          <DateField
            label={t("field.billed_on")}
            required
            clearable={false}
            value={form.values.on}
            onChange={(day) => form.set("on", day ?? "")}
            error={form.field("on").error}
          />
          <DateField
            label={t("field.due_on")}
            placeholder={t("due_default")}
            value={form.values.due_on}
            onChange={(day) => form.set("due_on", day)}
            error={form.field("due_on").error}
          />
        </Group>
        <Textarea label={t("field.note")} autosize minRows={1} maxLength={2000} {...form.field("note")} />
        <FormActions form={form} onCancel={onClose} verb={t("make")} />
      </Form>
    </Dialog>
  );
}
