/** An order as the form holds it: every number is text, exactly as typed. */
import * as z from "zod/mini";
import type { Money, Ref } from "@/api";
import { customValues } from "@/features/customers";
import { rules } from "@/shared/form";
import {
  lineAmount,
  moneyOf,
  placesOf,
  readDecimal,
  scaled,
  trimmed,
  written,
} from "@/shared/format/decimal";
import type { Line, LineOption, Order, OrderBody, OrderPatch, Status } from "./types";

export interface LineValues {
  /** Of a line that is there already. */
  id?: number;
  key: string;
  product: Ref | null;
  /** Of goods that are not in the catalogue; kept as it came. */
  code: string | null;
  name: string;
  quantity: string;
  price: string;
  discount: string;
  /** In percent; the company's when empty. */
  tax_rate: string;
  promised_on: string | null;
  options: LineOption[];
}

/** What orders and quotes have alike: the form of lines needs no more. */
export interface LinesValues extends Record<string, unknown> {
  order_discount: string;
  lines: LineValues[];
}

export interface OrderValues extends LinesValues {
  customer_id: string | null;
  owner_id: string | null;
  ordered_on: string;
  channel: string | null;
  status: Status;
  note: string;
  custom: Record<string, unknown>;
}

const decimal = (least: bigint) =>
  z.string().check(
    z.refine((typed) => {
      const value = readDecimal(typed || "0");
      return value !== undefined && scaled(value, 3) >= least;
    }, "form.number"),
  );

const percent = z.string().check(
  z.refine((typed) => {
    const value = readDecimal(typed || "0");
    return value !== undefined && scaled(value, 2) >= 0n && scaled(value, 2) <= 10_000n;
  }, "form.number"),
);

export const linesShape = {
  order_discount: decimal(0n),
  lines: z
    .array(
      z.object({
        name: rules.required(),
        quantity: decimal(1n),
        price: decimal(0n),
        discount: decimal(0n),
        tax_rate: percent,
      }),
    )
    .check(z.minLength(1, "form.required")),
};

export const orderSchema = z.object({
  customer_id: rules.chosen(),
  ordered_on: rules.chosen(),
  ...linesShape,
});

const zeroBlank = (decimal: string) => (/^-?0*(\.0*)?$/.test(decimal) ? "" : trimmed(decimal));

export const newLine = (taxRate = ""): LineValues => ({
  key: crypto.randomUUID(),
  product: null,
  code: null,
  name: "",
  quantity: "1",
  price: "",
  discount: "",
  tax_rate: zeroBlank(taxRate),
  promised_on: null,
  options: [],
});

export function newOrder(start: {
  customer: string | null;
  owner: string;
  today: string;
  taxRate?: string;
}): OrderValues {
  return {
    customer_id: start.customer,
    owner_id: start.owner,
    ordered_on: start.today,
    channel: null,
    status: "confirmed",
    note: "",
    custom: {},
    order_discount: "",
    lines: [newLine(start.taxRate)],
  };
}

export const blankZero = (money: Money | null | undefined) =>
  !money || /^-?0+(\.0+)?$/.test(money.amount) ? "" : money.amount;

export const valuesOf = (order: Order): OrderValues => ({
  customer_id: order.customer.id,
  owner_id: order.owner?.id ?? null,
  ordered_on: order.ordered_on,
  channel: order.channel ?? null,
  status: order.status,
  note: order.note ?? "",
  custom: customValues(order.custom),
  order_discount: blankZero(order.order_discount),
  lines: order.lines.map(lineValuesOf),
});

export const lineValuesOf = (line: Line): LineValues => ({
  id: line.id,
  key: String(line.id),
  product: line.product ?? null,
  code: line.product ? null : (line.product_code ?? null),
  name: line.name,
  quantity: trimmed(line.quantity),
  price: line.price.amount,
  discount: blankZero(line.discount),
  tax_rate: zeroBlank(line.tax_rate),
  promised_on: line.promised_on ?? null,
  options: line.options,
});

/** The writable form of some of the values. */
export function bodyOf(values: Partial<OrderValues>, currency: string): OrderPatch {
  const { customer_id, lines, note, order_discount, ...rest } = values;
  return {
    ...rest,
    ...(customer_id ? { customer_id } : {}),
    ...(note === undefined ? {} : { note: note || null }),
    ...(order_discount === undefined ? {} : { order_discount: moneyOf(order_discount || "0", currency) }),
    ...(lines ? { lines: lines.map((line) => lineOf(line, currency)) } : {}),
  };
}

/** The writable form of a new order. */
export const newBodyOf = (values: OrderValues, currency: string): OrderBody => ({
  ...bodyOf(values, currency),
  customer_id: values.customer_id ?? "",
  lines: values.lines.map((line) => lineOf(line, currency)),
});

export const lineOf = (line: LineValues, currency: string): OrderBody["lines"][number] => ({
  ...(line.id === undefined ? {} : { id: line.id }),
  product_id: line.product?.id ?? null,
  product_code: line.product ? null : line.code,
  name: line.name,
  quantity: readDecimal(line.quantity) ?? "0",
  price: moneyOf(line.price || "0", currency),
  discount: moneyOf(line.discount || "0", currency),
  tax_rate: readDecimal(line.tax_rate || "0") ?? "0",
  promised_on: line.promised_on,
  options: line.options,
});

export interface Totals {
  lines: string[];
  gross: string;
  discount: string;
  net: string;
}

/** What the order comes to, as typed so far; lines that are not numbers yet count as nothing. */
export function totals(values: Pick<LinesValues, "lines" | "order_discount">, currency: string): Totals {
  const places = placesOf(currency);
  const amounts = values.lines.map((line) => lineAmount(line.quantity, line.price, line.discount, places));
  const sum = (list: bigint[]) => list.reduce((all, one) => all + one, 0n);
  const off = values.lines.map((line) => scaled(line.discount, places));
  const discount = sum(off) + scaled(values.order_discount, places);
  const gross = sum(amounts) + sum(off);
  return {
    lines: amounts.map((amount) => written(amount, places)),
    gross: written(gross, places),
    discount: written(discount, places),
    net: written(gross - discount, places),
  };
}
