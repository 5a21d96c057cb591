import { describe, expect, it } from "vitest";
import { sheetRows } from "./targets";

const yuan = (amount: string) => ({ amount, currency: "CNY" });

describe("a pasted sheet", () => {
  it("is read line by line, cells apart by tabs", () => {
    expect(sheetRows("A\t1,200.50\r\n\nB\t1\t2\t\n", "CNY")).toEqual([
      { code: "A", amounts: [yuan("1200.50")] },
      { code: "B", amounts: [yuan("1"), yuan("2")] },
    ]);
  });
  it("keeps what is no amount for the server to refuse", () => {
    expect(sheetRows("A\tmuch", "CNY")).toEqual([{ code: "A", amounts: [yuan("much")] }]);
  });
});
