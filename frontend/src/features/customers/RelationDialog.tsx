import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { DateField, Dialog, Group, Select, Switch, TextInput } from "@/shared/ui";
import { CustomerPicker } from "./CustomerPicker";
import { useDictionary } from "./choices";
import { addRelation } from "./commands";
import type { Customer } from "./types";

interface DialogProps {
  customer: Customer;
  onClose: () => void;
  onSaved: () => void;
}

export default function RelationDialog({ customer, onClose, onSaved }: DialogProps) {
  const { t } = useTranslation("customers");
  const roles = useDictionary("relation_role");
  const form = useServerForm({
    initial: {
      to_id: null as string | null,
      role: null as string | null,
      primary: false,
      valid_from: null as string | null,
      valid_to: null as string | null,
      note: "",
    },
    schema: z.object({ to_id: rules.chosen(), role: rules.chosen() }),
    save: ({ to_id, role, note, ...values }) =>
      addRelation({
        ...values,
        note: note || null,
        from_id: customer.id,
        to_id: to_id ?? "",
        role: role ?? "",
      }),
    onSaved,
  });
  return (
    <Dialog opened onClose={onClose} title={t("add_relation")}>
      <Form form={form}>
        <CustomerPicker
          label={t("relation_whom")}
          required
          data-autofocus
          except={customer.id}
          value={form.values.to_id}
          onChange={(id) => form.set("to_id", id)}
          error={form.field("to_id").error}
        />
        <Select
          label={t("relation_role", { name: customer.name })}
          required
          searchable
          data={roles.options}
          {...form.field("role")}
        />
        <Group grow>
          <DateField
            label={t("valid_from")}
            value={form.values.valid_from}
            onChange={(date) => form.set("valid_from", date)}
          />
          <DateField
            label={t("valid_to")}
            value={form.values.valid_to}
            onChange={(date) => form.set("valid_to", date)}
          />
        </Group>
        <TextInput label={t("field.note")} {...form.field("note")} />
        <Switch label={t("primary")} {...form.field("primary", { type: "checkbox" })} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
