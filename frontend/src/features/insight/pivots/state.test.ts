import { describe, expect, it } from "vitest";
import {
  FIRST,
  pivotSearch,
  turned,
  withAxis,
  withAxisMoved,
  withFact,
  withField,
  withMeasure,
  withoutMeasure,
  withSort,
} from "./state";
import type { Fact, Field, Query } from "./types";

const field = (name: string, type: Field["type"] = "choice"): Field => ({
  field: name,
  label: name,
  group: "fact",
  type,
  ops: [],
  divides: true,
});

describe("a query", () => {
  it("takes a field once, a date once for each width", () => {
    const twice = withField(withField(FIRST, "rows", field("channel")), "columns", field("channel"));
    expect(twice.rows?.map((axis) => axis.field)).toEqual(["category", "channel"]);
    const dated = withField(FIRST, "rows", field("ordered_on", "date"));
    expect(dated.rows?.[1]).toEqual({ field: "ordered_on", grain: "quarter" });
  });

  it("takes three axes a side and four in all", () => {
    let query: Query = { ...FIRST, columns: [] };
    for (const name of ["a", "b", "c"]) query = withField(query, "rows", field(name));
    expect(query.rows).toHaveLength(3);
    query = withField(withField(query, "columns", field("d")), "columns", field("e"));
    expect(query.columns).toHaveLength(1);
  });

  it("moves axes between sides and turns round", () => {
    const moved = withAxisMoved(FIRST, ["columns", 0], ["rows", 0]);
    expect(moved.rows?.map((axis) => axis.field)).toEqual(["ordered_on", "category"]);
    expect(moved.columns).toEqual([]);
    expect(turned(FIRST).rows).toEqual(FIRST.columns);
  });

  it("makes no twins", () => {
    const dated = withField(FIRST, "columns", field("ordered_on", "date"));
    expect(withAxis(dated, "columns", 1, { field: "ordered_on", grain: "month" })).toBe(dated);
  });

  it("compares only where a change is shown", () => {
    const change = withMeasure(FIRST, 0, { aggregate: "sum", field: "amount", show: "change" });
    expect(change.compare).toBe("previous_year");
    expect(withMeasure(change, 0, { aggregate: "sum", field: "amount" }).compare).toBeUndefined();
  });

  it("forgets what named a measure that is gone", () => {
    const two: Query = {
      ...FIRST,
      measures: [...FIRST.measures, { aggregate: "count" }],
      sort: { measure: 1, descending: true },
    };
    expect(withoutMeasure(two, 1).sort).toBeUndefined();
    expect(withoutMeasure(two, 0).sort).toEqual({ measure: 0, descending: true });
    expect(withoutMeasure(FIRST, 0)).toBe(FIRST);
  });

  it("sorts down, up, and not", () => {
    const down = withSort(FIRST, 0);
    const up = withSort(down, 0);
    expect([down.sort, up.sort, withSort(up, 0).sort]).toEqual([
      { measure: 0, descending: true },
      { measure: 0, descending: false },
      undefined,
    ]);
  });

  it("goes to other facts with the day moved and something in the rows", () => {
    const activities: Fact = {
      fact: "activities",
      label: "Activities",
      date: "happened_on",
      fields: [field("happened_on", "date"), field("kind")],
      measures: [],
      distinct: [],
    };
    const sales: Fact = { ...activities, fact: "order_lines", date: "ordered_on", fields: [] };
    const next = withFact(FIRST, activities, sales);
    expect(next.columns).toEqual([{ field: "happened_on", grain: "month" }]);
    expect(next.rows).toEqual([{ field: "kind" }]);
    expect(next.measures).toEqual([{ aggregate: "count" }]);
  });

  it("is kept from the address only when it looks like one", () => {
    expect(pivotSearch({ query: { fact: "orders" } }).query).toBeUndefined();
    expect(pivotSearch({ query: FIRST, chart: "cake" })).toEqual({
      query: FIRST,
      view: undefined,
      chart: undefined,
    });
  });
});
