import type { Condition, Money } from "@/api";
import type { Stage, ValueClass } from "@/features/customers";

export interface Bucket {
  count: number;
  /** Lists the customers; absent when the scores are not the stored ones. */
  condition?: Condition | null;
}

export interface Cell extends Bucket {
  /** R, F and M, such as `545`. */
  code: string;
  net: Money;
}

export interface RfmSpread {
  r: (Bucket & { score: number })[];
  f: (Bucket & { score: number })[];
  m: (Bucket & { score: number })[];
  cells: Cell[];
}

export interface AbcBucket extends Bucket {
  class: "A" | "B" | "C";
  net: Money;
  /** Part of all positive revenue, 0–1. */
  share: number;
}

export interface Overview {
  as_of?: string | null;
  evaluated_at?: string | null;
  customers: number;
  buyers: number;
  net: Money;
  rfm: RfmSpread;
  abc: AbcBucket[];
  value: (Bucket & { class: ValueClass; net: Money })[];
  stages: (Bucket & { stage: Stage; net: Money })[];
}

export type RfmMode = "quintile" | "threshold";

export interface RfmView extends RfmSpread {
  as_of?: string | null;
  mode: RfmMode;
  buyers: number;
}

export interface AbcView {
  as_of?: string | null;
  buyers: number;
  net: Money;
  classes: AbcBucket[];
}

export const WEIGHTS = [
  "cumulative_sales",
  "lifetime_potential",
  "demand_growth",
  "credit_rating",
  "profit_contribution",
] as const;

export interface InsightSettings {
  value_weights: Record<(typeof WEIGHTS)[number], number>;
  /** Shares of customers, best first (0–1), or least scores (0–100). */
  value_cutoffs: { by: "shares" | "scores"; vip: number; major: number; ordinary: number };
  rfm_mode: RfmMode;
  /** Days for 5, 4, 3, 2; order days, and money in minor units, for 2, 3, 4, 5. */
  rfm_thresholds: { recency_days: number[]; frequency: number[]; monetary: number[] };
  stage_thresholds: {
    new_days: number;
    old_days: number;
    loyal_order_days: number;
    loyal_categories: number;
    loyal_silence_gaps: number;
    [key: string]: number;
  };
  /** Hundredths of a percent. */
  abc_cuts: { a: number; b: number };
}
