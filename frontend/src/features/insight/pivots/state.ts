/** Changes to a query, each giving a new one: what shelves, menus and drops do. */
import type { Axis, Fact, Field, Grain, Measure, PivotSearch, Query, Side } from "./types";
import { CHARTS } from "./types";

export const GRAINS: Grain[] = ["day", "week", "month", "quarter", "year"];
export const PRESETS = [
  "today",
  "yesterday",
  "this_week",
  "last_week",
  "this_month",
  "last_month",
  "this_quarter",
  "last_quarter",
  "this_year",
  "last_year",
  "last_7_days",
  "last_30_days",
  "last_90_days",
  "last_12_months",
] as const;
export const SHOWN = ["value", "row_share", "column_share", "total_share", "change", "change_share"] as const;
const MOST_AXES = 3;
const MOST_OF_BOTH = 4;
const MOST_MEASURES = 8;

/** What the page begins with: sales of the last year, month by month. */
export const FIRST: Query = {
  fact: "order_lines",
  rows: [{ field: "category" }],
  columns: [{ field: "ordered_on", grain: "month" }],
  measures: [{ aggregate: "sum", field: "amount" }],
  period: { preset: "last_12_months" },
};

/** For `validateSearch`: keeps what looks like a query; the server says what is wrong with it. */
export const pivotSearch = (search: Record<string, unknown>): PivotSearch => {
  const query = search.query as Query | undefined;
  const sound = typeof query === "object" && query !== null && Array.isArray(query.measures);
  return {
    query: sound ? query : undefined,
    view: typeof search.view === "string" ? search.view : undefined,
    chart: CHARTS.find((kind) => kind === search.chart),
  };
};

export const axesOf = (query: Query, side: Side): Axis[] => query[side] ?? [];

const sameAxis = (a: Axis, b: Axis) => a.field === b.field && (a.grain ?? null) === (b.grain ?? null);

/** Whether a side takes one more axis. */
export const hasRoom = (query: Query, side: Side): boolean =>
  axesOf(query, side).length < MOST_AXES &&
  axesOf(query, "rows").length + axesOf(query, "columns").length < MOST_OF_BOTH;

export const measuresFull = (query: Query): boolean => query.measures.length >= MOST_MEASURES;

/** Puts a field on a side; a date by months, and by the next width where that stands already. */
export function withField(query: Query, side: Side, field: Field, at?: number): Query {
  const used = [...axesOf(query, "rows"), ...axesOf(query, "columns")].filter(
    (axis) => axis.field === field.field,
  );
  const grain = field.type === "date" ? freeGrain(used) : undefined;
  if (field.type === "date" ? grain === undefined : used.length > 0) return query;
  if (!hasRoom(query, side)) return query;
  const axes = axesOf(query, side);
  const axis: Axis = grain ? { field: field.field, grain } : { field: field.field };
  return { ...query, [side]: axes.toSpliced(at ?? axes.length, 0, axis) };
}

const freeGrain = (used: Axis[]): Grain | undefined =>
  (["month", "quarter", "year", "week", "day"] as const).find(
    (grain) => !used.some((axis) => axis.grain === grain),
  );

export const withoutAxis = (query: Query, side: Side, at: number): Query => ({
  ...query,
  [side]: axesOf(query, side).toSpliced(at, 1),
});

/** Moves an axis within its side or to the other one. */
export function withAxisMoved(query: Query, from: [Side, number], to: [Side, number]): Query {
  const axis = axesOf(query, from[0])[from[1]];
  if (!axis) return query;
  const taken = withoutAxis(query, from[0], from[1]);
  if (from[0] !== to[0] && axesOf(taken, to[0]).length >= MOST_AXES) return query;
  return { ...taken, [to[0]]: axesOf(taken, to[0]).toSpliced(to[1], 0, axis) };
}

/** Changes an axis, unless that makes it the twin of another. */
export function withAxis(query: Query, side: Side, at: number, axis: Axis): Query {
  const others = [
    ...axesOf(query, "rows").filter((_, index) => side !== "rows" || index !== at),
    ...axesOf(query, "columns").filter((_, index) => side !== "columns" || index !== at),
  ];
  if (others.some((other) => sameAxis(other, axis))) return query;
  return { ...query, [side]: axesOf(query, side).with(at, axis) };
}

export const turned = (query: Query): Query => ({
  ...query,
  rows: query.columns ?? [],
  columns: query.rows ?? [],
});

export const withMeasure = (query: Query, at: number, measure: Measure): Query =>
  settled({ ...query, measures: query.measures.with(at, measure) });

export const plusMeasure = (query: Query, measure: Measure): Query =>
  measuresFull(query) ? query : { ...query, measures: [...query.measures, measure] };

/** Takes a measure away, and what named it by its place. */
export function withoutMeasure(query: Query, at: number): Query {
  if (query.measures.length < 2) return query;
  const place = (index: number | null | undefined) =>
    index === null || index === undefined || index === at ? 0 : index > at ? index - 1 : index;
  const axes = (side: Side) =>
    axesOf(query, side).map((axis) =>
      axis.top ? { ...axis, top: { ...axis.top, measure: place(axis.top.measure) } } : axis,
    );
  const sorted = query.sort?.measure;
  const sort =
    sorted === undefined || sorted === null
      ? query.sort
      : sorted === at
        ? undefined
        : { ...query.sort, measure: place(sorted) };
  return settled({
    ...query,
    measures: query.measures.toSpliced(at, 1),
    rows: axes("rows"),
    columns: axes("columns"),
    sort,
  });
}

/** A change needs something to compare with. */
function settled(query: Query): Query {
  const changes = query.measures.some((measure) => measure.show?.startsWith("change"));
  if (!changes) return { ...query, compare: undefined };
  return {
    ...query,
    compare: query.compare ?? "previous_year",
    period: query.period ?? { preset: "last_12_months" },
  };
}

/**
 * Another kind of facts: its day takes the place of the day of the one before, what it does not know falls away, and
 * something of its own stands in the rows.
 */
export function withFact(query: Query, fact: Fact, before?: Fact): Query {
  const known = new Set(fact.fields.filter((field) => field.divides).map((field) => field.field));
  const taken = (axis: Axis): Axis =>
    axis.grain && !known.has(axis.field) && axis.field === (before?.date ?? axis.field)
      ? { ...axis, field: fact.date }
      : axis;
  const axes = (side: Side) =>
    axesOf(query, side)
      .map(taken)
      .filter((axis) => known.has(axis.field))
      .map((axis) => ({ ...axis, top: axis.top && { ...axis.top, measure: 0 } }));
  const own = fact.fields.find((field) => field.divides && field.group === "fact" && field.type === "choice");
  const rows = axes("rows");
  const measures = query.measures.filter((measure) => {
    if (measure.aggregate === "count") return true;
    if (measure.aggregate === "distinct") return fact.distinct.some((one) => one.value === measure.field);
    return fact.measures.some((one) => one.field === measure.field);
  });
  const first = fact.measures[0];
  const fallback: Measure = first ? { aggregate: "sum", field: first.field } : { aggregate: "count" };
  return settled({
    ...query,
    fact: fact.fact,
    rows: rows.length > 0 || !own ? rows : [{ field: own.field }],
    columns: axes("columns"),
    measures: measures.length > 0 ? measures : [fallback],
    filter: undefined,
    sort: undefined,
  });
}

/** Sorts by a measure, then the other way round, then not. */
export function withSort(query: Query, measure: number): Query {
  const now = query.sort;
  if (now?.measure !== measure) return { ...query, sort: { measure, descending: true } };
  return { ...query, sort: now.descending ? { measure, descending: false } : undefined };
}
