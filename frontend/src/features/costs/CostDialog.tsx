import { useRef } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { idempotencyKey, useMe } from "@/api";
import { useDictionary } from "@/features/customers";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { moneyOf } from "@/shared/format/decimal";
import { DateField, Dialog, Group, Select, TextInput, toast } from "@/shared/ui";
import { addCost, type Cost, patchCost } from "./queries";

interface Props {
  customer: string;
  row?: Cost;
  onClose: () => void;
  onSaved: () => unknown;
}

/** Books what was spent on a customer. */
export default function CostDialog({ customer, row, onClose, onSaved }: Props) {
  const { t } = useTranslation("costs");
  const { company } = useMe();
  const key = useRef(idempotencyKey());
  const kinds = useDictionary("cost_kind");
  const form = useServerForm({
    initial: {
      kind: row?.kind ?? (null as string | null),
      amount: row?.amount.amount ?? "",
      booked_on: row?.booked_on ?? (null as string | null),
      note: row?.note ?? "",
    },
    version: row?.version,
    schema: z.object({ kind: rules.chosen(), amount: rules.required() }),
    save: ({ kind, amount, booked_on, note }, version) => {
      const body = {
        kind: kind ?? "",
        amount: moneyOf(amount, company.currency) ?? { amount: "", currency: company.currency },
        booked_on,
        note: note.trim() || null,
      };
      return row
        ? patchCost({ id: row.id, version: version ?? row.version }, body)
        : addCost(customer, body, key.current);
    },
    onSaved: () => {
      toast.done(t("common:state.saved"));
      void onSaved();
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t(row ? "cost" : "add")}>
      <Form form={form}>
        <Select
          label={t("field.kind")}
          required
          searchable
          data-autofocus
          data={kinds.options}
          {...form.field("kind")}
        />
        <Group grow align="flex-start">
          <TextInput
            label={t("field.amount", { currency: company.currency })}
            required
            inputMode="decimal"
            {...form.field("amount")}
          />
          <DateField
            label={t("field.booked_on")}
            clearable
            value={form.values.booked_on}
            onChange={(on) => form.set("booked_on", on)}
          />
        </Group>
        <TextInput label={t("field.note")} {...form.field("note")} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
