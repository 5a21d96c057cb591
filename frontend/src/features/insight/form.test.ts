import { expect, it } from "vitest";
import { settingsOf, valuesOf, weightSum } from "./form";
import type { ScoreSettings } from "./types";

const settings: ScoreSettings = {
  value_weights: {
    cumulative_sales: 0.3,
    lifetime_potential: 0.25,
    demand_growth: 0.1,
    credit_rating: 0.1,
    profit_contribution: 0.25,
  },
  value_cutoffs: { by: "shares", vip: 0.05, major: 0.15, ordinary: 0.5 },
  rfm_mode: "quintile",
  rfm_thresholds: {
    recency_days: [30, 90, 180, 365],
    frequency: [2, 4, 8, 16],
    monetary: [20000, 50000, 150000, 500000],
  },
  stage_thresholds: {
    new_days: 90,
    old_days: 365,
    loyal_order_days: 6,
    loyal_categories: 3,
    loyal_silence_gaps: 2,
    loyal_referrals: 1,
    loyal_wallet_share: 0.6,
    loyal_no_purchase: 0.4,
  },
  abc_cuts: { a: 7500, b: 9500 },
};

it("shows what was set and sets what was shown", () => {
  const values = valuesOf(settings, "CNY");
  expect(values.weights.cumulative_sales).toBe("30");
  expect(values.monetary).toEqual(["200.00", "500.00", "1500.00", "5000.00"]);
  expect(values.abc_a).toBe("75");
  expect(settingsOf(values, settings, "CNY")).toEqual(settings);
});

it("adds weights without binary noise", () => {
  expect(weightSum({ ...valuesOf(settings, "CNY").weights })).toBe(1000);
  expect(weightSum({ cumulative_sales: "33.3", profit_contribution: "66.7" })).toBe(1000);
});
