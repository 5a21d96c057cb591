/** Programmes as they are typed. */
import * as z from "zod/mini";
import { blankGroup, type Group, groupsSchema } from "../goods/form";
import type { ProgrammeSettings } from "./queries";

export interface ProgrammeValues extends Group {
  period_months: string;
  grace_days: string;
}

export const valuesOf = (programmes: ProgrammeSettings[]): ProgrammeValues[] =>
  programmes.map((one) => ({
    key: one.key,
    name_zh: one.name_zh,
    name_en: one.name_en,
    category_ids: one.category_ids ?? [],
    product_ids: one.product_ids ?? [],
    period_months: String(one.period_months),
    grace_days: String(one.grace_days),
  }));

export const programmesOf = (groups: ProgrammeValues[]): ProgrammeSettings[] =>
  groups.map((one) => ({
    ...one,
    name_zh: one.name_zh.trim(),
    name_en: one.name_en.trim(),
    period_months: Number(one.period_months),
    grace_days: Number(one.grace_days),
  }));

export const blank = (others: ProgrammeValues[]): ProgrammeValues => ({
  ...blankGroup(others, "programme"),
  period_months: "1",
  grace_days: "15",
});

const whole = (least: number, most: number) =>
  z
    .string()
    .check(
      z.refine(
        (typed) => /^\d{1,4}$/.test(typed.trim()) && Number(typed) >= least && Number(typed) <= most,
        "form.number",
      ),
    );

export const schema = groupsSchema({ period_months: whole(1, 60), grace_days: whole(0, 365) });
