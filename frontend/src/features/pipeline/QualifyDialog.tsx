import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { idempotencyKey } from "@/api";
import { CustomerPicker } from "@/features/customers";
import { Form, FormActions, useServerForm } from "@/shared/form";
import { Dialog, SegmentedControl, Text, TextInput, toast } from "@/shared/ui";
import { qualifyOpportunity } from "./queries";
import type { Opportunity } from "./types";

interface Props {
  row: Opportunity;
  onClose: () => void;
  onSaved: (row: Opportunity) => void;
}

/** Makes an opportunity of a lead: of a customer that is there, or of a new one made from what the lead says. */
export default function QualifyDialog({ row, onClose, onSaved }: Props) {
  const { t } = useTranslation("pipeline");
  const once = useRef(idempotencyKey());
  const form = useServerForm({
    initial: {
      how: row.customer ? "known" : "new",
      customer_id: row.customer?.id ?? (null as string | null),
      customer: {
        kind: row.lead_company || !row.lead_person ? "organization" : "person",
        name: row.lead_company ?? row.lead_person ?? "",
      },
    },
    save: ({ how, customer_id, customer }) => {
      if (how === "known") return qualifyOpportunity(row.id, { customer_id }, once.current);
      // What is masked for the person is not copied.
      const shown = (text: string | null | undefined) => (text && !text.includes("*") ? text : undefined);
      const [phone, email] = [shown(row.lead_phone), shown(row.lead_email)];
      return qualifyOpportunity(
        row.id,
        {
          customer: {
            kind: customer.kind === "person" ? "person" : "organization",
            name: customer.name,
            source: row.source ?? undefined,
            phones: phone ? [{ number: phone, primary: true }] : [],
            emails: email ? [{ address: email, primary: true }] : [],
          },
        },
        once.current,
      );
    },
    onSaved: (now: Opportunity) => {
      toast.done(t("qualified", { name: row.name }));
      onSaved(now);
    },
  });
  const { values } = form;
  return (
    <Dialog opened onClose={onClose} title={t("qualify")} size="sm">
      <Form form={form}>
        <Text size="sm" c="dimmed">
          {t("qualify_hint")}
        </Text>
        <SegmentedControl
          aria-label={t("field.customer")}
          data={[
            { value: "new", label: t("customer_new") },
            { value: "known", label: t("customer_known") },
          ]}
          value={values.how}
          onChange={(how) => form.set("how", how)}
        />
        {values.how === "known" ? (
          <CustomerPicker
            label={t("field.customer")}
            required
            chosen={row.customer}
            value={values.customer_id}
            onChange={(id) => form.set("customer_id", id)}
            error={form.field("customer_id").error}
          />
        ) : (
          <>
            <SegmentedControl
              aria-label={t("customer_kind")}
              data={[
                { value: "organization", label: t("organization") },
                { value: "person", label: t("person") },
              ]}
              value={values.customer.kind}
              onChange={(kind) => form.set("customer.kind", kind)}
            />
            <TextInput label={t("customer_name")} required data-autofocus {...form.field("customer.name")} />
          </>
        )}
        <FormActions form={form} onCancel={onClose} verb={t("qualify")} />
      </Form>
    </Dialog>
  );
}
