import type { Schema } from "@/api";

export type Query = Schema<"PivotQuery">;
export type Axis = Schema<"PivotAxis">;
export type Measure = Schema<"PivotMeasure">;
export type Fact = Schema<"PivotFactView">;
export type Field = Schema<"PivotField">;
export type Table = Schema<"PivotView">;
export type PivotRecord = Schema<"PivotRecord">;
export type Place = Schema<"PivotPlace">;
export type Grain = NonNullable<Axis["grain"]>;
export type Side = "rows" | "columns";

/** How a pivot is shown beside, or within, its table. */
export const CHARTS = ["bar", "line", "area", "pie", "heat"] as const;
export type ChartKind = (typeof CHARTS)[number];

/** What a page of pivots keeps in its address. */
export interface PivotSearch {
  query?: Query;
  view?: string;
  chart?: ChartKind;
}
