import type { Schema } from "@/api";

export type Board = Schema<"DashboardView">;
export type BoardInput = Schema<"DashboardInput">;
export type Card = Schema<"DashboardCard">;
export type Answer = Schema<"DashboardAnswer">;
export type CardAnswer = Schema<"DashboardCardAnswer">;
export type FigureAnswer = Schema<"DashboardFigure">;
export type Listed = Schema<"DashboardListed">;
export type Sharing = NonNullable<BoardInput["sharing"]>;
export type Preset = NonNullable<NonNullable<BoardInput["period"]>["preset"]>;

export const SHARING: Sharing[] = ["private", "unit", "company"];
export const FIGURES: NonNullable<Card["figure"]>[] = [
  "revenue",
  "orders",
  "buyers",
  "average_order",
  "margin",
  "new_customers",
  "customers_at_risk",
  "value_at_risk",
  "open_opportunities",
  "open_amount",
  "weighted_amount",
  "target_achievement",
];
export const LISTS: NonNullable<Card["list"]>[] = ["warnings", "silent", "targets", "pipeline"];
export const CHARTS: NonNullable<Card["chart"]>[] = ["table", "bar", "line", "area", "pie", "heat"];
/** Columns of a board. */
export const COLUMNS = 4;
export const MOST_CARDS = 24;

/** What the page keeps in its address. */
export interface BoardSearch {
  board?: string;
  preset?: Preset;
}
