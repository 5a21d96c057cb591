import { describe, expect, it } from "vitest";
import { additive, pieOf } from "./pie";
import type { Query, Table } from "./types";

const key = (label: string, others = false) => ({ value: others ? null : label, label, others });

function table(rows: [string, string, boolean?][]): Table {
  return {
    executor: "memory",
    as_of: "2026-01-01T00:00:00Z",
    rows: rows.map(([label, , others]) => ({ keys: [key(label, others)] })),
    columns: [{ keys: [] }],
    measures: [{ label: "销售额", unit: "money", currency: "CNY" }],
    cells: rows.map(([, value]) => [[value]]),
    row_totals: rows.map(([, value]) => [value]),
    column_totals: [["0"]],
    total: ["0"],
  } as unknown as Table;
}

describe("a pie", () => {
  it("has at most eight parts, the last of them all the others", () => {
    const many = Array.from({ length: 12 }, (_, at): [string, string] => [`组${at}`, `${at + 1}.00`]);
    const { slices } = pieOf(table(many), "其他");
    expect(slices).toHaveLength(8);
    expect(slices[0]).toEqual({ name: "组11", value: 12 });
    expect(slices.at(-1)).toEqual({ name: "其他", value: 1 + 2 + 3 + 4 + 5 });
    expect(slices.reduce((sum, slice) => sum + slice.value, 0)).toBe(78);
  });

  it("puts the others of the table with its own", () => {
    const seven = Array.from({ length: 7 }, (_, at): [string, string] => [`组${at}`, "10"]);
    const { slices } = pieOf(table([...seven, ["其他", "5", true]]), "其他");
    expect(slices).toHaveLength(8);
    expect(slices.at(-1)).toEqual({ name: "其他", value: 5 });
    const eight = pieOf(table([...seven, ["组7", "1"], ["其他", "5", true]]), "其他");
    expect(eight.slices).toHaveLength(8);
    expect(eight.slices.at(-1)).toEqual({ name: "其他", value: 6 });
  });

  it("says how many groups are below nothing and draws none without a value", () => {
    const { slices, left_out } = pieOf(
      table([
        ["甲", "10"],
        ["乙", "-3"],
        ["丙", "0"],
      ]),
      "其他",
    );
    expect(slices.map((slice) => slice.name)).toEqual(["甲"]);
    expect(left_out).toBe(1);
  });

  it.each([
    ["sum", undefined, true],
    ["count", undefined, true],
    ["sum", "total_share", true],
    ["sum", "change", false],
    ["average", undefined, false],
    ["distinct", undefined, false],
  ] as const)("is drawn of what makes up a whole: %s %s", (aggregate, show, fits) => {
    expect(additive({ fact: "orders", measures: [{ aggregate, show }] } as Query)).toBe(fits);
  });
});
