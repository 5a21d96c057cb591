/** The settings as people read them: percents instead of shares, money instead of minor units. */
import * as z from "zod/mini";
import { placesOf, readDecimal, scaled, written } from "@/shared/format/decimal";
import { type RfmMode, type ScoreSettings, WEIGHTS } from "./types";

export interface SettingsValues extends Record<string, unknown> {
  weights: Record<string, string>;
  cut_by: "shares" | "scores";
  cuts: { vip: string; major: string; ordinary: string };
  rfm_mode: RfmMode;
  recency: string[];
  frequency: string[];
  monetary: string[];
  new_days: string;
  old_days: string;
  loyal_order_days: string;
  loyal_categories: string;
  loyal_silence_gaps: string;
  abc_a: string;
  abc_b: string;
}

/** `0.3` → "30": at most one decimal, without the noise of binary fractions. */
const percent = (share: number) => String(Math.round(share * 1000) / 10);

export function valuesOf(settings: ScoreSettings, currency: string): SettingsValues {
  const places = placesOf(currency);
  const { value_cutoffs: cuts, stage_thresholds: stage, rfm_thresholds: rfm } = settings;
  const cut = (value: number) => (cuts.by === "shares" ? percent(value) : String(value));
  return {
    weights: Object.fromEntries(WEIGHTS.map((key) => [key, percent(settings.value_weights[key])])),
    cut_by: cuts.by,
    cuts: { vip: cut(cuts.vip), major: cut(cuts.major), ordinary: cut(cuts.ordinary) },
    rfm_mode: settings.rfm_mode,
    recency: rfm.recency_days.map(String),
    frequency: rfm.frequency.map(String),
    monetary: rfm.monetary.map((minor) => written(BigInt(minor), places)),
    new_days: String(stage.new_days),
    old_days: String(stage.old_days),
    loyal_order_days: String(stage.loyal_order_days),
    loyal_categories: String(stage.loyal_categories),
    loyal_silence_gaps: String(stage.loyal_silence_gaps),
    abc_a: percent(settings.abc_cuts.a / 10_000),
    abc_b: percent(settings.abc_cuts.b / 10_000),
  };
}

const number = (typed: string) => Number(readDecimal(typed) ?? "0");
/** A typed percent as a share; goes through tenths so that 30 is 0.3 exactly. */
const share = (typed: string) => Math.round(number(typed) * 10) / 1000;

export function settingsOf(values: SettingsValues, before: ScoreSettings, currency: string): ScoreSettings {
  const places = placesOf(currency);
  const weight = (key: (typeof WEIGHTS)[number]) => share(values.weights[key] ?? "0");
  const cut = (typed: string) => (values.cut_by === "shares" ? share(typed) : number(typed));
  return {
    value_weights: {
      cumulative_sales: weight("cumulative_sales"),
      lifetime_potential: weight("lifetime_potential"),
      demand_growth: weight("demand_growth"),
      credit_rating: weight("credit_rating"),
      profit_contribution: weight("profit_contribution"),
    },
    value_cutoffs: {
      by: values.cut_by,
      vip: cut(values.cuts.vip),
      major: cut(values.cuts.major),
      ordinary: cut(values.cuts.ordinary),
    },
    rfm_mode: values.rfm_mode,
    rfm_thresholds: {
      recency_days: values.recency.map(number),
      frequency: values.frequency.map(number),
      monetary: values.monetary.map((typed) => Number(scaled(typed, places))),
    },
    stage_thresholds: {
      ...before.stage_thresholds,
      new_days: number(values.new_days),
      old_days: number(values.old_days),
      loyal_order_days: number(values.loyal_order_days),
      loyal_categories: number(values.loyal_categories),
      loyal_silence_gaps: number(values.loyal_silence_gaps),
    },
    abc_cuts: {
      a: Math.round(number(values.abc_a) * 100),
      b: Math.round(number(values.abc_b) * 100),
    },
  };
}

/** The sum of the weights in tenths of a percent: 1000 is the whole. */
export const weightSum = (weights: Record<string, string>): number =>
  WEIGHTS.reduce((sum, key) => sum + Math.round(number(weights[key] ?? "0") * 10), 0);

const decimal = () =>
  z
    .string()
    .check(z.refine((typed) => readDecimal(typed) !== undefined && !typed.startsWith("-"), "form.number"));

export const settingsSchema = z.object({
  weights: z.record(z.string(), decimal()),
  cuts: z.object({ vip: decimal(), major: decimal(), ordinary: decimal() }),
  recency: z.array(decimal()),
  frequency: z.array(decimal()),
  monetary: z.array(decimal()),
  new_days: decimal(),
  old_days: decimal(),
  loyal_order_days: decimal(),
  loyal_categories: decimal(),
  loyal_silence_gaps: decimal(),
  abc_a: decimal(),
  abc_b: decimal(),
});
