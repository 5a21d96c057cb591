/** Programmes as they are typed. */
import * as z from "zod/mini";
import { ApiProblem } from "@/api/problem";
import { rules } from "@/shared/form";
import type { ProgrammeSettings } from "./queries";

export interface ProgrammeValues {
  key: string;
  name_zh: string;
  name_en: string;
  category_ids: string[];
  product_ids: string[];
  period_months: string;
  grace_days: string;
}

export interface ProgrammesValues extends Record<string, unknown> {
  programmes: ProgrammeValues[];
}

export const valuesOf = (programmes: ProgrammeSettings[]): ProgrammesValues => ({
  programmes: programmes.map((one) => ({
    key: one.key,
    name_zh: one.name_zh,
    name_en: one.name_en,
    category_ids: one.category_ids ?? [],
    product_ids: one.product_ids ?? [],
    period_months: String(one.period_months),
    grace_days: String(one.grace_days),
  })),
});

export const programmesOf = (values: ProgrammesValues): ProgrammeSettings[] =>
  values.programmes.map((one) => ({
    ...one,
    name_zh: one.name_zh.trim(),
    name_en: one.name_en.trim(),
    period_months: Number(one.period_months),
    grace_days: Number(one.grace_days),
  }));

/** A programme to be filled in, under a key that none has. */
export function blank(others: ProgrammeValues[]): ProgrammeValues {
  let n = others.length + 1;
  while (others.some((one) => one.key === `programme_${n}`)) n += 1;
  return {
    key: `programme_${n}`,
    name_zh: "",
    name_en: "",
    category_ids: [],
    product_ids: [],
    period_months: "1",
    grace_days: "15",
  };
}

const whole = (least: number, most: number) =>
  z
    .string()
    .check(
      z.refine(
        (typed) => /^\d{1,4}$/.test(typed.trim()) && Number(typed) >= least && Number(typed) <= most,
        "form.number",
      ),
    );

export const schema = z.object({
  programmes: z.array(
    z
      .object({
        name_zh: rules.required(),
        name_en: rules.required(),
        category_ids: z.array(z.string()),
        product_ids: z.array(z.string()),
        period_months: whole(1, 60),
        grace_days: whole(0, 365),
      })
      .check(
        z.refine((one) => one.category_ids.length + one.product_ids.length > 0, {
          error: "form.required",
          path: ["category_ids"],
        }),
      ),
  ),
});

/** A refusal of the settings as one of their part that the form shows. */
export function nearer(error: unknown, prefix: string): unknown {
  if (!(error instanceof ApiProblem)) return error;
  const errors = error.errors.map((one) => ({ ...one, pointer: one.pointer.replace(prefix, "") }));
  return new ApiProblem(
    error.status,
    { title: error.title, code: error.code, detail: error.detail, errors } as never,
    error.retryAfter,
  );
}
