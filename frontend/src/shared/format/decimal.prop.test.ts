import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { groupDecimal, shortDecimal } from ".";
import { dayAfter, dayIn } from "./day";
import { lineAmount, moneyOf, placesOf, readDecimal, rounded, scaled, trimmed, written } from "./decimal";

const count = fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n });
const places = fc.integer({ min: 0, max: 6 });
const currency = fc.constantFrom("JPY", "CNY", "KWD");

describe("decimal text", () => {
  it("comes back as it was written, in any number of places", () => {
    fc.assert(fc.property(count, places, (n, p) => void expect(scaled(written(n, p), p)).toBe(n)));
  });
  it("rounds to the nearest, never by more than half of the last place", () => {
    fc.assert(
      fc.property(count, places, (n, p) => {
        const exact = written(n, 6);
        const off = scaled(rounded(exact, p), 6) - n;
        expect((off < 0n ? -off : off) * 2n).toBeLessThanOrEqual(10n ** BigInt(6 - p));
      }),
    );
  });
  it("only gains commas and a true minus when grouped", () => {
    fc.assert(
      fc.property(count, places, (n, p) => {
        const text = written(n, p);
        const shown = groupDecimal(text);
        expect(shown.replaceAll(",", "").replace("−", "-")).toBe(text);
        expect(readDecimal(groupDecimal(written(n % 10n ** 12n, p)).replace("−", "-"))).toBeDefined();
      }),
    );
  });
  it("keeps its value when trimmed", () => {
    fc.assert(fc.property(count, (n) => void expect(scaled(trimmed(written(n, 3)), 3)).toBe(n)));
  });
  it("is never longer than ten characters when shortened, up to a trillion", () => {
    const amount = fc.bigInt({ min: -(10n ** 14n), max: 10n ** 14n });
    fc.assert(
      fc.property(
        amount,
        fc.constantFrom("en", "zh-CN"),
        (n, language) => void expect(shortDecimal(written(n, 2), language).length).toBeLessThanOrEqual(10),
      ),
    );
  });
});

describe("money", () => {
  it("reads what was typed in any currency, and nothing as no money", () => {
    fc.assert(
      fc.property(fc.bigInt({ min: 0n, max: 10n ** 12n }), currency, (n, code) => {
        const amount = written(n, placesOf(code));
        expect(moneyOf(` ${groupDecimal(amount)} `, code)).toEqual({ amount, currency: code });
      }),
    );
    expect(moneyOf("  ", "CNY")).toBeNull();
    expect(moneyOf(null, "CNY")).toBeNull();
    // What is no number goes to the server as it is, which says so at the field.
    expect(moneyOf("twelve", "CNY")?.amount).toBe("twelve");
  });
  it("adds up lines without losing a cent", () => {
    const line = fc.record({
      quantity: fc.bigInt({ min: 0n, max: 10n ** 6n }),
      price: fc.bigInt({ min: 0n, max: 10n ** 9n }),
      discount: fc.bigInt({ min: 0n, max: 10n ** 9n }),
    });
    fc.assert(
      fc.property(line, currency, ({ quantity, price, discount }, code) => {
        const p = placesOf(code);
        const amount = lineAmount(written(quantity, 0), written(price, p), written(discount, p), p);
        expect(amount).toBe(quantity * price - discount);
      }),
    );
  });
});

describe("days", () => {
  it("goes there and back over any number of days", () => {
    const day = fc
      .date({ min: new Date("1900-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((one) => one.toISOString().slice(0, 10));
    fc.assert(
      fc.property(
        day,
        fc.integer({ min: -4000, max: 4000 }),
        (from, days) => void expect(dayAfter(dayAfter(from, days), -days)).toBe(from),
      ),
    );
    expect(dayAfter("2024-02-28", 1)).toBe("2024-02-29");
  });
  it("is the business's day, not the reader's", () => {
    const late = new Date("2026-03-31T17:30:00Z");
    expect(dayIn("Asia/Shanghai", late)).toBe("2026-04-01");
    expect(dayIn("America/New_York", late)).toBe("2026-03-31");
  });
});
