/** A customer as the form holds it: empty text instead of null, ids instead of small links. */
import * as z from "zod/mini";
import type { Schema } from "@/api";
import { rules } from "@/shared/form";
import { customValues } from "./custom";
import { type DateValues, dateEntry, dateValues, isWhole } from "./dateValues";
import type { Address, Customer, CustomerBody, CustomerPatch } from "./types";

export interface CustomerValues extends Record<string, unknown> {
  kind: Customer["kind"];
  name: string;
  status: Customer["status"];
  level: string | null;
  source: string | null;
  industry: string | null;
  owner_id: string | null;
  gender: Schema<"Gender"> | null;
  birthday: string | null;
  buying_style: Schema<"BuyingStyle"> | null;
  tax_id: string;
  note: string;
  internal: boolean;
  phones: { number: string; label: string }[];
  emails: { address: string; label: string }[];
  address: { province: string; city: string; district: string; street: string; postcode: string };
  dates: DateValues[];
  tag_ids: string[];
  custom: Record<string, unknown>;
}

export const customerSchema = z.object({
  name: rules.required(),
  tax_id: rules.text(40),
  note: rules.text(4000),
  emails: z.array(z.object({ address: rules.email() })),
});

const text = (value: string | null | undefined) => value ?? "";

export function blankCustomer(me: { id: string }): CustomerValues {
  return {
    kind: "person",
    name: "",
    status: "customer",
    level: null,
    source: null,
    industry: null,
    owner_id: me.id,
    gender: null,
    birthday: null,
    buying_style: null,
    tax_id: "",
    note: "",
    internal: false,
    phones: [{ number: "", label: "" }],
    emails: [{ address: "", label: "" }],
    address: { province: "", city: "", district: "", street: "", postcode: "" },
    dates: [],
    tag_ids: [],
    custom: {},
  };
}

export function valuesOf(row: Customer): CustomerValues {
  const address = mainAddress(row.addresses);
  return {
    kind: row.kind,
    name: row.name,
    status: row.status,
    level: row.level ?? null,
    source: row.source ?? null,
    industry: row.industry ?? null,
    owner_id: row.owner?.id ?? null,
    gender: row.gender ?? null,
    birthday: row.birthday ?? null,
    buying_style: row.buying_style ?? null,
    tax_id: text(row.tax_id),
    note: text(row.note),
    internal: row.internal,
    phones: byPrimary(row.phones).map((one) => ({ number: one.number, label: text(one.label) })),
    emails: byPrimary(row.emails).map((one) => ({ address: one.address, label: text(one.label) })),
    address: {
      province: text(address?.province),
      city: text(address?.city),
      district: text(address?.district),
      street: text(address?.street),
      postcode: text(address?.postcode),
    },
    dates: row.dates.map(dateValues),
    tag_ids: row.tags.map((tag) => tag.id),
    custom: customValues(row.custom),
  };
}

const byPrimary = <T extends { primary: boolean }>(list: T[]): T[] =>
  list.toSorted((a, b) => Number(b.primary) - Number(a.primary));

const mainAddress = (list: Address[]): Address | undefined => list.find((one) => one.primary) ?? list[0];

/** The writable form of some of the values; `before` keeps what the form does not show, such as other addresses. */
export function bodyOf(values: Partial<CustomerValues>, before?: Customer): CustomerPatch {
  const { phones, emails, address, dates, tax_id, note, ...plain } = values;
  const body: CustomerPatch = { ...plain };
  const first = (_: unknown, index: number) => index === 0;
  if (tax_id !== undefined) body.tax_id = tax_id || null;
  if (note !== undefined) body.note = note || null;
  if (phones) {
    body.phones = phones
      .filter((one) => one.number.trim())
      .map((one, index) => ({ number: one.number, label: one.label || null, primary: first(one, index) }));
  }
  if (emails) {
    body.emails = emails
      .filter((one) => one.address.trim())
      .map((one, index) => ({
        address: one.address,
        label: one.label || null,
        primary: first(one, index),
      }));
  }
  if (address) {
    const main = before && mainAddress(before.addresses);
    const others = (before?.addresses ?? []).filter((one) => one !== main);
    const filled = Object.values(address).some((part) => part.trim());
    const parts = Object.fromEntries(
      Object.entries(address).map(([key, part]) => [key, part.trim() || null]),
    );
    body.addresses = filled ? [{ ...main, ...parts, primary: true }, ...others] : others;
  }
  if (dates) body.dates = dates.filter(isWhole).map(dateEntry);
  return body;
}

/** The writable form of a new customer. */
export const newBodyOf = (values: CustomerValues): CustomerBody => ({
  ...bodyOf(values),
  kind: values.kind,
  name: values.name,
});
