import { useQuery } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, idempotencyKey, keys, ok, useMe } from "@/api";
import { PersonPicker } from "@/features/access";
import { CustomerPicker, CustomInputs, useDictionary } from "@/features/customers";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { readDecimal } from "@/shared/format/decimal";
import {
  Alert,
  DateField,
  Dialog,
  Group,
  SegmentedControl,
  Select,
  Textarea,
  TextInput,
  TextLink,
  toast,
  useDebouncedValue,
} from "@/shared/ui";
import { createOpportunity, fetchOpportunities } from "./queries";
import type { Opportunity } from "./types";

interface Props {
  pipeline?: string;
  customer?: { id: string; name: string };
  onClose: () => void;
  onSaved: (row: Opportunity) => void;
}

/** A new lead, with whoever asked, or a new opportunity of a customer. */
export default function OpportunityDialog({ pipeline, customer, onClose, onSaved }: Props) {
  const { t } = useTranslation("pipeline");
  const me = useMe();
  const once = useRef(idempotencyKey());
  const sources = useDictionary("source");
  const form = useServerForm({
    initial: {
      type: (customer ? "opportunity" : "lead") as "lead" | "opportunity",
      name: "",
      customer_id: customer?.id ?? (null as string | null),
      lead_company: "",
      lead_person: "",
      lead_phone: "",
      lead_email: "",
      amount: "",
      expected_close: null as string | null,
      source: null as string | null,
      owner_id: me.id as string | null,
      remarks: "",
      custom: {} as Record<string, unknown>,
    },
    schema: z.object({ name: rules.required() }),
    save: ({ amount, ...values }) => {
      const worth = readDecimal(amount);
      return createOpportunity(
        {
          ...values,
          pipeline_id: pipeline ?? null,
          amount: worth ? { amount: worth, currency: me.company.currency } : null,
          lead_company: values.lead_company || null,
          lead_person: values.lead_person || null,
          lead_phone: values.lead_phone || null,
          lead_email: values.lead_email || null,
          remarks: values.remarks || null,
        },
        once.current,
      );
    },
    onSaved: (row: Opportunity) => {
      toast.done(t("created", { name: row.name }));
      onSaved(row);
    },
  });
  const { values } = form;
  const lead = values.type === "lead";
  return (
    <Dialog opened onClose={onClose} title={t("new")}>
      <Form form={form}>
        <SegmentedControl
          aria-label={t("field.type")}
          data={[
            { value: "lead", label: t("type.lead") },
            { value: "opportunity", label: t("type.opportunity") },
          ]}
          value={values.type}
          onChange={(type) => form.set("type", type === "lead" ? "lead" : "opportunity")}
        />
        <TextInput
          label={t("field.name")}
          placeholder={t("name_hint")}
          required
          data-autofocus
          {...form.field("name")}
        />
        <CustomerPicker
          label={t("field.customer")}
          chosen={customer}
          value={values.customer_id}
          onChange={(id) => form.set("customer_id", id)}
          error={form.field("customer_id").error}
        />
        {lead && !values.customer_id && (
          <>
            <Group grow align="flex-start">
              <TextInput label={t("field.lead_company")} {...form.field("lead_company")} />
              <TextInput label={t("field.lead_person")} {...form.field("lead_person")} />
            </Group>
            <Group grow align="flex-start">
              <TextInput label={t("field.lead_phone")} inputMode="tel" {...form.field("lead_phone")} />
              <TextInput label={t("field.lead_email")} inputMode="email" {...form.field("lead_email")} />
            </Group>
          </>
        )}
        <Alike
          company={values.lead_company}
          person={values.lead_person}
          phone={values.lead_phone}
          customer={values.customer_id}
          onChoose={(id) => form.set("customer_id", id)}
        />
        <Group grow align="flex-start">
          <TextInput
            label={t("field.amount")}
            inputMode="decimal"
            rightSection={<span className="dim">{me.company.currency}</span>}
            rightSectionWidth={52}
            {...form.field("amount")}
          />
          <DateField
            label={t("field.expected_close")}
            clearable
            value={values.expected_close}
            onChange={(on) => form.set("expected_close", on)}
          />
        </Group>
        <Group grow align="flex-start">
          <Select
            label={t("field.source")}
            clearable
            searchable
            data={sources.options}
            {...form.field("source")}
          />
          <PersonPicker
            label={t("field.owner")}
            chosen={{ id: me.id, name: me.name }}
            value={values.owner_id}
            onChange={(id) => form.set("owner_id", id)}
            clearable
          />
        </Group>
        <CustomInputs
          resource="opportunity"
          values={values}
          error={(path) => form.field(path).error}
          put={form.set}
        />
        <Textarea label={t("field.remarks")} autosize minRows={2} maxRows={8} {...form.field("remarks")} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}

interface AlikeProps {
  company: string;
  person: string;
  phone: string;
  customer: string | null;
  onChoose: (id: string) => void;
}

/** Who of the customers this may be, and what is open with the chosen one: before it is entered twice. */
function Alike({ company, person, phone, customer, onChoose }: AlikeProps) {
  const { t } = useTranslation("pipeline");
  const [q] = useDebouncedValue((phone || company || person).trim(), 350);
  const found = useQuery({
    queryKey: keys.list("search", { q, limit: 4 }),
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/search", { params: { query: { q, limit: 4 } }, signal }))).customers,
    enabled: q.length > 1 && !customer,
  });
  const open = useQuery({
    queryKey: keys.list("opportunities", { open_of: customer }),
    queryFn: async ({ signal }) => {
      const all = [
        { field: "customer", op: "eq" as const, value: customer },
        { field: "status", op: "eq" as const, value: "open" },
      ];
      return (await fetchOpportunities({ filter: JSON.stringify({ all }), limit: 4 }, signal)).items;
    },
    enabled: customer !== null,
  });
  const customers = customer ? [] : (found.data ?? []);
  const opportunities = customer ? (open.data ?? []) : [];
  if (customers.length + opportunities.length === 0) return null;
  return (
    <Alert color="ember" variant="light" title={t(customer ? "open_already" : "known_already")}>
      <ul style={{ margin: 0, paddingInlineStart: "1.25rem" }}>
        {customers.map((one) => (
          <li key={one.id}>
            <button type="button" className="linkish" onClick={() => onChoose(one.id)}>
              {[one.name, one.code].filter(Boolean).join(" · ")}
            </button>
          </li>
        ))}
        {opportunities.map((one) => (
          <li key={one.id}>
            <TextLink to="/sales/$id" params={{ id: one.id }}>
              {one.name}
            </TextLink>{" "}
            · {one.stage.name}
          </li>
        ))}
      </ul>
    </Alert>
  );
}
