/** Durables as they are typed: units as a decimal, money instead of minor units. */
import * as z from "zod/mini";
import { placesOf, readDecimal, scaled, trimmed, written } from "@/shared/format/decimal";
import { blankGroup, type Group, groupsSchema } from "../goods/form";
import type { DurableSettings } from "./queries";

/** Places of a quantity. */
const UNITS = 3;

export const AMOUNTS = ["price", "parts", "service", "finance"] as const;

export interface DurableValues extends Group, Record<(typeof AMOUNTS)[number], string> {
  units: string;
}

export const valuesOf = (durables: DurableSettings[], currency: string): DurableValues[] => {
  const money = (minor: number) => trimmed(written(BigInt(minor), placesOf(currency)));
  return durables.map((one) => ({
    key: one.key,
    name_zh: one.name_zh,
    name_en: one.name_en,
    category_ids: one.category_ids ?? [],
    product_ids: one.product_ids ?? [],
    units: trimmed(written(BigInt(one.units), UNITS)),
    price: money(one.price),
    parts: money(one.parts),
    service: money(one.service),
    finance: money(one.finance),
  }));
};

const counted = (typed: string, places: number) => Number(scaled(readDecimal(typed) ?? "0", places));

export const durablesOf = (groups: DurableValues[], currency: string): DurableSettings[] => {
  const money = (typed: string) => counted(typed, placesOf(currency));
  return groups.map((one) => ({
    ...one,
    name_zh: one.name_zh.trim(),
    name_en: one.name_en.trim(),
    units: counted(one.units, UNITS),
    price: money(one.price),
    parts: money(one.parts),
    service: money(one.service),
    finance: money(one.finance),
  }));
};

export const blank = (others: DurableValues[]): DurableValues => ({
  ...blankGroup(others, "durable"),
  units: "1",
  price: "",
  parts: "",
  service: "",
  finance: "",
});

/** Nothing typed is nothing. */
const amount = () =>
  z.string().check(
    z.refine((typed) => {
      const read = typed.trim() === "" ? "0" : readDecimal(typed);
      return read !== undefined && !read.startsWith("-") && read.length <= 15;
    }, "form.number"),
  );

export const schema = groupsSchema({
  units: z.string().check(
    z.refine((typed) => {
      const read = readDecimal(typed);
      return read !== undefined && !read.startsWith("-") && Number(read) <= 100;
    }, "form.number"),
  ),
  price: amount(),
  parts: amount(),
  service: amount(),
  finance: amount(),
});
