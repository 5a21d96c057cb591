import { describe, expect, it } from "vitest";
import { lunarWords } from "./lunar";

describe("a lunar day", () => {
  it.each([
    [8, 15, false, "八月十五", "8/15"],
    [6, 1, true, "闰六月初一", "6/1 (leap)"],
    [12, 30, false, "腊月三十", "12/30"],
    [1, 10, false, "正月初十", "1/10"],
    [11, 20, false, "冬月二十", "11/20"],
    [10, 23, false, "十月廿三", "10/23"],
  ])("%i/%i is said", (month, day, leap, zh, en) => {
    expect([lunarWords({ month, day, leap }, "zh-CN"), lunarWords({ month, day, leap }, "en")]).toEqual([
      zh,
      en,
    ]);
  });
});
