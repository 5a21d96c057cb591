import { describe, expect, it } from "vitest";
import { csv, flat } from "./figures";
import type { Table } from "./types";

const key = (label: string) => ({ value: label, label, others: false });

const table: Table = {
  executor: "memory",
  as_of: "2026-02-03T04:05:06Z",
  rows: [{ keys: [key("茶")] }, { keys: [key("=1+1")] }],
  columns: [{ keys: [key("2026-01")] }, { keys: [key("2026-02")] }],
  measures: [{ label: "Sales", unit: "money", currency: "CNY" }],
  cells: [
    [["1.00"], [null]],
    [["-2.00"], ["3.00"]],
  ],
  row_totals: [["1.00"], ["1.00"]],
  column_totals: [["-1.00"], ["3.00"]],
  total: ["2.00"],
};

describe("a table as a file", () => {
  it("has headers, cells and totals", () => {
    expect(flat(table, "Total")).toEqual([
      ["", "2026-01", "2026-02", "Total"],
      ["茶", "1.00", "", "1.00"],
      ["=1+1", "-2.00", "3.00", "1.00"],
      ["Total", "-1.00", "3.00", "2.00"],
    ]);
  });

  it("names measures where there are several, or no columns", () => {
    const plain: Table = {
      ...table,
      columns: [{ keys: [] }],
      cells: [[["1.00"]], [["1.00"]]],
      column_totals: [["2.00"]],
    };
    expect(flat(plain, "Total")[0]).toEqual(["", "Sales"]);
  });

  it("holds no formulas, and numbers as they are", () => {
    expect(csv(flat(table, "Total")).split("\r\n")[2]).toBe("'=1+1,-2.00,3.00,1.00");
    expect(csv([['a"b', "c,d"]])).toBe('\uFEFF"a""b","c,d"\r\n');
  });
});
