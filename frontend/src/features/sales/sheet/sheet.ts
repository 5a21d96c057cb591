/** Sheets of what places sold, as the contract tells them: read, matched, saved, remembered. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ifMatch, keys, ok, type Schema } from "@/api";

export type Sheet = Schema<"SelloutSheetView">;
export type SheetRow = Schema<"SheetRowView">;
export type SheetItem = Schema<"SheetItem">;
export type SheetPlace = Schema<"SheetPlace">;
export type Measure = Schema<"SelloutMeasure">;
export type MeasureKind = Measure["kind"];
export type SheetInput = Schema<"SheetInput">;

/** Places that are read at a time. */
const PLACES = 500;

export const sheetQuery = (period: string, measure?: string, earlier?: string) =>
  infiniteQueryOptions({
    queryKey: keys.list("sheets", { period, measure, earlier }),
    queryFn: ({ signal, pageParam }) =>
      ok(
        api.GET("/sellout-sheets/{period}", {
          params: { path: { period }, query: { measure, earlier, limit: PLACES, cursor: pageParam } },
          signal,
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page: Sheet) => page.next_cursor ?? undefined,
  });

export const saveSheet = (period: string, version: number, body: SheetInput) =>
  ok(api.PUT("/sellout-sheets/{period}", { params: { path: { period }, header: ifMatch(version) }, body }));

export const matchSheet = (body: Schema<"SheetTexts">) => ok(api.POST("/sellout-matches", { body }));

export const changesQuery = (period: string, cell: { place_id: string; measure: string; item?: string }) =>
  queryOptions({
    queryKey: keys.list("sheets", { period, changes: cell }),
    queryFn: async ({ signal }) =>
      (
        await ok(
          api.GET("/sellout-sheets/{period}/changes", { params: { path: { period }, query: cell }, signal }),
        )
      ).items,
  });

const WEEK = /^(\d{4})-W(\d\d)$/;

/** Monday of an ISO week, or the first of a month, in UTC. */
export function firstDay(period: string): Date {
  const week = WEEK.exec(period);
  if (!week) return new Date(`${period}-01T00:00:00Z`);
  const fourth = new Date(Date.UTC(Number(week[1]), 0, 4));
  const monday = 4 - ((fourth.getUTCDay() + 6) % 7);
  return new Date(Date.UTC(Number(week[1]), 0, monday + (Number(week[2]) - 1) * 7));
}

/** The period so many after this one: `("2026-11", 2)` → `2027-01`. */
export function shifted(period: string, by: number): string {
  const day = firstDay(period);
  if (!WEEK.test(period)) {
    day.setUTCMonth(day.getUTCMonth() + by);
    return day.toISOString().slice(0, 7);
  }
  day.setUTCDate(day.getUTCDate() + by * 7 + 3);
  // Thursday decides the year of a week.
  const year = day.getUTCFullYear();
  const week = Math.floor((day.getTime() - Date.UTC(year, 0, 1)) / 604_800_000) + 1;
  return `${year}-W${String(week).padStart(2, "0")}`;
}

/** The same period of the year before; the last week of a shorter year for a 53rd. */
export const yearBefore = (period: string): string =>
  WEEK.test(period)
    ? `${Number(period.slice(0, 4)) - 1}-W${period.slice(6) === "53" ? "52" : period.slice(6)}`
    : shifted(period, -12);
