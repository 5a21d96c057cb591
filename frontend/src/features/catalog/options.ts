/** What can be chosen of a product, as the form holds it: one choice a line, `Black = 20`. */
import * as z from "zod/mini";
import type { Schema } from "@/api";
import { rules } from "@/shared/form";
import { moneyOf, readDecimal, trimmed } from "@/shared/format/decimal";

export type ProductOption = Schema<"ProductOption">;

export interface OptionValues {
  key: string;
  name: string;
  choices: string;
}

export const newOption = (): OptionValues => ({ key: crypto.randomUUID(), name: "", choices: "" });

const LINE = /^(.*?)(?:\s*[=＝]\s*([+-]?[\d.,]+))?$/;

function choicesOf(text: string): { name: string; difference?: string }[] {
  const lines = text.split("\n").map((line) => line.trim());
  return lines
    .filter((line) => line !== "")
    .map((line) => {
      const [, name = line, typed] = LINE.exec(line) ?? [];
      const difference = typed && readDecimal(typed.replace(/^\+/, ""));
      return difference ? { name, difference } : { name: typed ? line : name };
    });
}

export const optionsSchema = z.array(
  z.object({
    name: rules.required(),
    choices: z.string().check(z.refine((text) => choicesOf(text).length > 0, "form.required")),
  }),
);

export const optionValuesOf = (option: ProductOption): OptionValues => ({
  key: option.name,
  name: option.name,
  choices: option.choices
    .map((one) => (one.price_difference ? `${one.name} = ${trimmed(one.price_difference.amount)}` : one.name))
    .join("\n"),
});

export const optionOf = (values: OptionValues, currency: string): ProductOption => ({
  name: values.name.trim(),
  choices: choicesOf(values.choices).map((one) => ({
    name: one.name,
    price_difference: one.difference ? moneyOf(one.difference, currency) : null,
  })),
});
