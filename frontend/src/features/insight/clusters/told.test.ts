import { describe, expect, it } from "vitest";
import type { Measure } from "./queries";
import { bar, telling } from "./told";

const measure = (feature: Measure["feature"], distance: number): Measure => ({
  feature,
  unit: "count",
  mean: 1,
  distance,
});

describe("what tells a group from the others", () => {
  it("names at most three, the most telling first, and nothing near the average", () => {
    const measures = [
      measure("orders", 0.6),
      measure("recency_days", -1.9),
      measure("net", 0.49),
      measure("products", 1.2),
      measure("categories", -0.7),
    ];
    expect(telling(measures)).toEqual([
      { feature: "recency_days", more: false },
      { feature: "products", more: true },
      { feature: "categories", more: false },
    ]);
    expect(telling([measure("orders", 0.1)])).toEqual([]);
  });

  it("draws bars from the middle, none longer than its half", () => {
    expect(bar(1)).toEqual({ start: 50, length: 25 });
    expect(bar(-1)).toEqual({ start: 25, length: 25 });
    expect(bar(9)).toEqual({ start: 50, length: 50 });
    expect(bar(-9)).toEqual({ start: 0, length: 50 });
  });
});
