/** What the contract says of insight, under the names used here. */
import type { Schema } from "@/api";

export type Bucket = Pick<Schema<"ScoreBucket">, "count" | "condition">;
export type Cell = Schema<"CellBucket">;
export type RfmSpread = Schema<"RfmSpread">;
export type AbcBucket = Schema<"AbcBucket">;
export type Overview = Schema<"Overview">;
export type RfmMode = Schema<"RfmMode">;
export type RfmView = Schema<"RfmView">;
export type InsightSettings = Schema<"InsightSettings">;
/** What the page of scores and classes sets; the rest is set where the tables are shown. */
export type ScoreSettings = Pick<
  InsightSettings,
  "value_weights" | "value_cutoffs" | "rfm_mode" | "rfm_thresholds" | "stage_thresholds" | "abc_cuts"
>;

export const WEIGHTS = [
  "cumulative_sales",
  "lifetime_potential",
  "demand_growth",
  "credit_rating",
  "profit_contribution",
] as const satisfies (keyof InsightSettings["value_weights"])[];
