import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placesOf, scaled, written } from "@/shared/format/decimal";
import { bodyOf, newBodyOf, newLine, newOrder, orderSchema, totals } from "./form";

const line = (quantity: string, price: string, discount = "") => ({
  ...newLine(),
  name: "拿铁",
  quantity,
  price,
  discount,
});

describe("an order's totals", () => {
  it("are those of its lines, less what the whole order is given", () => {
    const lines = [line("2", "19.99", "5"), line("0.5", "100")];
    expect(totals({ lines, order_discount: "4.98" }, "CNY")).toEqual({
      lines: ["34.98", "50.00"],
      gross: "89.98",
      discount: "9.98",
      net: "80.00",
    });
  });
  it("count in the currency's own places", () => {
    expect(totals({ lines: [line("3", "150")], order_discount: "" }, "JPY").net).toBe("450");
    expect(totals({ lines: [line("3", "1.234")], order_discount: "" }, "KWD").net).toBe("3.702");
  });
  it("always agree: gross − discount = net, and gross is lines and their discounts", () => {
    const amount = fc.bigInt({ min: 0n, max: 10n ** 9n });
    const rows = fc.array(fc.record({ quantity: amount, price: amount, discount: amount }), { maxLength: 5 });
    fc.assert(
      fc.property(rows, amount, fc.constantFrom("JPY", "CNY", "KWD"), (list, off, currency) => {
        const p = placesOf(currency);
        const lines = list.map((one) =>
          line(written(one.quantity, 3), written(one.price, p), written(one.discount, p)),
        );
        const sums = totals({ lines, order_discount: written(off, p) }, currency);
        const minor = (text: string) => scaled(text, p);
        expect(minor(sums.gross) - minor(sums.discount)).toBe(minor(sums.net));
        const amounts = sums.lines.reduce((sum, one) => sum + minor(one), 0n);
        expect(amounts - off).toBe(minor(sums.net));
      }),
    );
  });
});

describe("an order's body", () => {
  const values = {
    ...newOrder({ customer: "c", owner: "o", today: "2026-03-01" }),
    lines: [line("１,０００", "2")],
  };
  it("is exact decimals, however they were typed", () => {
    expect(newBodyOf(values, "CNY")).toMatchObject({
      customer_id: "c",
      note: null,
      order_discount: { amount: "0", currency: "CNY" },
      lines: [{ name: "拿铁", quantity: "1000", price: { amount: "2", currency: "CNY" } }],
    });
  });
  it("of a change holds only what changed", () => {
    expect(bodyOf({ note: "晚到" }, "CNY")).toEqual({ note: "晚到" });
    expect(bodyOf({}, "CNY")).toEqual({});
  });
  it("wants a customer and a line with a quantity", () => {
    expect(orderSchema.safeParse(values).success).toBe(true);
    expect(orderSchema.safeParse({ ...values, customer_id: null }).success).toBe(false);
    expect(orderSchema.safeParse({ ...values, lines: [line("0", "2")] }).success).toBe(false);
    expect(orderSchema.safeParse({ ...values, lines: [] }).success).toBe(false);
  });
});
