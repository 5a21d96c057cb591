import { describe, expect, it } from "vitest";
import { groupDecimal, makeFormat, shortDecimal } from ".";
import { rounded } from "./decimal";

describe("decimal text", () => {
  it("rounds half up without floats", () => {
    expect(rounded("1.005", 2)).toBe("1.01");
    expect(rounded("-0.004", 2)).toBe("0.00");
    expect(rounded("99999999999999999.995", 2)).toBe("100000000000000000.00");
    expect(rounded("12", 0)).toBe("12");
    expect(rounded("0.5", 0)).toBe("1");
  });
  it("groups thousands", () => {
    expect(groupDecimal("1234567.8", 2)).toBe("1,234,567.80");
    expect(groupDecimal("-1234.5")).toBe("−1,234.5");
  });
  it("shortens by the reader's habit", () => {
    expect(shortDecimal("9999.40", "zh-CN")).toBe("9,999");
    expect(shortDecimal("12345.00", "zh-CN")).toBe("1.2万");
    expect(shortDecimal("230000000", "zh-CN")).toBe("2.3亿");
    expect(shortDecimal("1234567.80", "en")).toBe("1.2M");
    expect(shortDecimal("-20000", "zh-CN")).toBe("−2万");
  });
});

describe("formats", () => {
  const zh = makeFormat("zh-CN", "CNY", "Asia/Shanghai");
  it("puts the sign before the currency", () => {
    expect(zh.money({ amount: "-12.5", currency: "CNY" })).toBe("−¥12.50");
  });
  it("gives money the decimals of its currency", () => {
    expect(zh.money({ amount: "1500", currency: "JPY" })).toBe("¥1,500");
    expect(zh.money({ amount: "1.234", currency: "KWD" })).toMatch(/1\.234$/);
    expect(zh.money({ amount: "99999999999999999.5", currency: "USD" })).toBe("$99,999,999,999,999,999.50");
  });
  it("drops the zeros that only fill places of a quantity", () => {
    expect(["2.000", "0.500", "1200.000", "30"].map(zh.quantity)).toEqual(["2", "0.5", "1,200", "30"]);
  });
  it("never moves a calendar date, and reads instants in the company's zone", () => {
    expect(zh.date("2025-06-08")).toBe("2025/6/8");
    expect(zh.date("2025-06-08T17:00:00Z")).toBe("2025/6/9");
    expect(zh.dateTime("2025-06-08T17:00:00Z")).toBe("2025/6/9 01:00");
  });
  it("says how long ago", () => {
    const now = new Date("2025-06-10T00:00:00Z");
    expect(zh.ago("2025-06-07T00:00:00Z", now)).toBe("3天前");
  });
});
