import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { idempotencyKey, keys, type Ref, useCan, useMe } from "@/api";
import { PersonPicker } from "@/features/access";
import { CustomerPicker, CustomInputs } from "@/features/customers";
import { customerOpportunitiesQuery } from "@/features/pipeline";
import { changed, Form, FormActions, useServerForm } from "@/shared/form";
import { dayAfter, dayIn } from "@/shared/format/day";
import {
  DateField,
  Page,
  PageHeader,
  Panel,
  Select,
  SimpleGrid,
  Textarea,
  TextLink,
  toast,
} from "@/shared/ui";
import { LineRows } from "../LineRows";
import type { Quote } from "../types";
import { newQuote, newQuoteBodyOf, type QuoteValues, quoteBodyOf, quoteSchema, quoteValuesOf } from "./form";
import { createQuote, patchQuote, QUOTES, quoteQuery, readQuote } from "./queries";

/** Days a quote holds when nobody says how long. */
const HOLDS = 30;

interface Props {
  quote?: Quote;
  customer?: Ref;
  opportunity?: Ref;
}

/** A quote as it is written: whom it is made to, until when it holds, its lines. */
export default function QuoteForm({ quote, customer, opportunity }: Props) {
  const { t } = useTranslation(["quotes", "sales"]);
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const once = useRef(idempotencyKey());
  const currency = quote?.currency ?? me.company.currency;
  const { tax_rate } = me.company;
  const today = dayIn(me.company.time_zone);
  const initial = useRef(
    quote
      ? quoteValuesOf(quote, tax_rate)
      : newQuote({
          customer: customer?.id ?? null,
          opportunity: opportunity?.id ?? null,
          owner: me.id,
          today,
          until: dayAfter(today, HOLDS),
          taxRate: tax_rate,
        }),
  ).current;
  const open = (id: string) => navigate({ to: "/quotes/$id", params: { id } });
  const form = useServerForm<QuoteValues, Quote>({
    initial,
    version: quote?.version,
    schema: quoteSchema,
    save: (values, version) =>
      quote
        ? patchQuote({ id: quote.id, version }, quoteBodyOf(changed(initial, values), currency))
        : createQuote(newQuoteBodyOf(values, currency), once.current),
    reload: async () => {
      const now = await readQuote(quote?.id ?? "");
      return { values: quoteValuesOf(now, tax_rate), version: now.version };
    },
    onSaved: async (saved) => {
      client.setQueryData(quoteQuery(saved.id).queryKey, saved);
      toast.done(t(quote ? "common:state.saved" : "created", { code: saved.code }));
      await open(saved.id);
      void client.invalidateQueries({ queryKey: keys.of(QUOTES) });
    },
  });
  const back = () => void (quote ? open(quote.id) : navigate({ to: "/quotes" }));
  return (
    <Page width="regular">
      <PageHeader
        title={quote ? t("edit_title", { code: quote.code }) : t("new")}
        eyebrow={<TextLink to="/quotes">{t("title")}</TextLink>}
      />
      <Form
        form={form}
        labels={{
          customer_id: t("field.customer"),
          opportunity_id: t("field.opportunity"),
          quoted_on: t("field.quoted_on"),
          valid_until: t("field.valid_until"),
          note: t("field.note"),
          lines: t("sales:lines"),
        }}
      >
        <Panel>
          <SimpleGrid cols={{ base: 1, sm: 2, md: 3 }}>
            <CustomerPicker
              label={t("field.customer")}
              required
              data-autofocus={!customer}
              chosen={quote?.customer ?? customer}
              value={form.values.customer_id}
              onChange={(id) => {
                form.set("customer_id", id);
                form.set("opportunity_id", null);
              }}
              error={form.field("customer_id").error}
            />
            <OpportunitySelect
              customer={form.values.customer_id}
              chosen={quote?.opportunity ?? opportunity}
              value={form.values.opportunity_id}
              onChange={(id) => form.set("opportunity_id", id)}
              error={form.field("opportunity_id").error}
            />
            <PersonPicker
              label={t("field.owner")}
              chosen={quote?.owner ?? me}
              clearable
              value={form.values.owner_id}
              onChange={(id) => form.set("owner_id", id)}
              error={form.field("owner_id").error}
            />
            <DateField
              label={t("field.quoted_on")}
              required
              clearable={false}
              value={form.values.quoted_on}
              onChange={(on) => form.set("quoted_on", on ?? "")}
              error={form.field("quoted_on").error}
            />
            <DateField
              label={t("field.valid_until")}
              required
              clearable={false}
              value={form.values.valid_until}
              onChange={(on) => form.set("valid_until", on ?? "")}
              error={form.field("valid_until").error}
            />
            <CustomInputs
              resource="quote"
              values={form.values}
              error={(path) => form.field(path).error}
              put={form.set}
            />
          </SimpleGrid>
        </Panel>
        <Panel title={t("sales:lines")} flush>
          <LineRows form={form} setLines={(lines) => form.set("lines", lines)} currency={currency} />
        </Panel>
        <Panel>
          <Textarea label={t("field.note")} autosize minRows={2} maxRows={6} {...form.field("note")} />
        </Panel>
        <FormActions form={form} onCancel={back} />
      </Form>
    </Page>
  );
}

interface SelectProps {
  customer: string | null;
  chosen?: Ref | null;
  value: string | null;
  onChange: (id: string | null) => void;
  error?: React.ReactNode;
}

/** One of the customer's opportunities, or none. */
function OpportunitySelect({ customer, chosen, value, onChange, error }: SelectProps) {
  const { t } = useTranslation("quotes");
  const may = useCan("sales:opportunity:read");
  const found = useQuery({
    ...customerOpportunitiesQuery(customer ?? ""),
    enabled: may && customer !== null,
  }).data;
  const offered = (customer && found?.items) || [];
  const known =
    chosen?.name && chosen.id === value && offered.every((one) => one.id !== value) ? [chosen] : [];
  return (
    <Select
      label={t("field.opportunity")}
      clearable
      disabled={!customer || !may}
      data={[...known, ...offered].map((one) => ({ value: one.id, label: one.name }))}
      value={value}
      onChange={onChange}
      error={error}
    />
  );
}
