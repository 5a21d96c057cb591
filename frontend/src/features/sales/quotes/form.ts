/** A quote as the form holds it. */
import * as z from "zod/mini";
import { customValues } from "@/features/customers";
import { rules } from "@/shared/form";
import { moneyOf } from "@/shared/format/decimal";
import { blankZero, type LinesValues, lineOf, linesShape, lineValuesOf, newLine } from "../form";
import type { Quote, QuoteBody, QuotePatch } from "../types";

export interface QuoteValues extends LinesValues {
  customer_id: string | null;
  opportunity_id: string | null;
  owner_id: string | null;
  quoted_on: string;
  valid_until: string;
  note: string;
  custom: Record<string, unknown>;
}

export const quoteSchema = z.object({
  customer_id: rules.chosen(),
  quoted_on: rules.chosen(),
  valid_until: rules.chosen(),
  ...linesShape,
});

interface Start {
  customer: string | null;
  opportunity: string | null;
  owner: string;
  today: string;
  until: string;
  taxRate: string;
}

export const newQuote = (start: Start): QuoteValues => ({
  customer_id: start.customer,
  opportunity_id: start.opportunity,
  owner_id: start.owner,
  quoted_on: start.today,
  valid_until: start.until,
  note: "",
  custom: {},
  order_discount: "",
  lines: [newLine(start.taxRate)],
});

export const quoteValuesOf = (quote: Quote, taxRate: string): QuoteValues => ({
  customer_id: quote.customer.id,
  opportunity_id: quote.opportunity?.id ?? null,
  owner_id: quote.owner?.id ?? null,
  quoted_on: quote.quoted_on,
  valid_until: quote.valid_until,
  note: quote.note ?? "",
  custom: customValues(quote.custom),
  order_discount: blankZero(quote.order_discount),
  lines: quote.lines.length > 0 ? quote.lines.map(lineValuesOf) : [newLine(taxRate)],
});

/** The writable form of some of the values. */
export function quoteBodyOf(values: Partial<QuoteValues>, currency: string): QuotePatch {
  const { customer_id, lines, note, order_discount, ...rest } = values;
  return {
    ...rest,
    ...(customer_id ? { customer_id } : {}),
    ...(note === undefined ? {} : { note: note || null }),
    ...(order_discount === undefined ? {} : { order_discount: moneyOf(order_discount || "0", currency) }),
    ...(lines ? { lines: lines.map((line) => lineOf(line, currency)) } : {}),
  };
}

/** The writable form of a new quote. */
export const newQuoteBodyOf = (values: QuoteValues, currency: string): QuoteBody => ({
  ...quoteBodyOf(values, currency),
  customer_id: values.customer_id ?? "",
  lines: values.lines.map((line) => lineOf(line, currency)),
});
