/** Sales over time and what they are made of, as the server tells it. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type Condition, keys, ok, type Schema } from "@/api";
import type { Query } from "../pivots/types";

export type Season = Schema<"SeasonView">;
export type Composition = Schema<"CompositionView">;
export type CompositionGroup = Schema<"CompositionGroup">;
export type Cohorts = Schema<"CohortsView">;
export type Cohort = Schema<"CohortView">;
export type Growth = Schema<"GrowthView">;
export type GrowthCell = Schema<"GrowthCell">;
export type Measure = Season["measure"];

/** What a page keeps in its address. */
export interface TrendSearch {
  filter?: Condition;
  from?: string;
  until?: string;
  measure?: string;
  years?: number;
  by?: string;
  within?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const text = (value: unknown) => (typeof value === "string" && value ? value : undefined);
const day = (value: unknown) => (typeof value === "string" && DAY.test(value) ? value : undefined);

/** For `validateSearch`. */
export const trendSearch = (search: Record<string, unknown>): TrendSearch => ({
  filter:
    typeof search.filter === "object" && search.filter !== null ? (search.filter as Condition) : undefined,
  from: day(search.from),
  until: day(search.until),
  measure: text(search.measure),
  years: typeof search.years === "number" ? search.years : undefined,
  by: text(search.by),
  within: text(search.within),
});

const written = (filter: Condition | undefined) => (filter ? JSON.stringify(filter) : undefined);

/** Labels come in the reader's language, so the language is part of the key. */
export const seasonQuery = ({ measure, years, filter }: TrendSearch, language: string) =>
  queryOptions({
    queryKey: keys.part("insight", "seasonality", "", { measure, years, filter, language }),
    queryFn: ({ signal }) =>
      ok(
        api.GET("/insight/seasonality", {
          params: { query: { measure, years, filter: written(filter) } },
          signal,
        }),
      ),
    placeholderData: keepPreviousData,
    retry: false,
  });

export const compositionQuery = (search: TrendSearch, language: string) =>
  queryOptions({
    queryKey: keys.part("insight", "composition", "", { search, language }),
    queryFn: ({ signal }) => {
      const { by = FIRST_PART, within, measure, from, until, filter } = search;
      const query = { by, within, measure, from, until, filter: written(filter) };
      return ok(api.GET("/insight/composition", { params: { query }, signal }));
    },
    placeholderData: keepPreviousData,
  });

/** What a whole is divided by before anything else is chosen. */
export const FIRST_PART = "customer.industry";

export const cohortsQuery = ({ from, until, filter }: TrendSearch) =>
  queryOptions({
    queryKey: keys.part("insight", "cohorts", "", { from, until, filter }),
    queryFn: ({ signal }) =>
      ok(
        api.GET("/insight/cohorts", { params: { query: { from, until, filter: written(filter) } }, signal }),
      ),
    placeholderData: keepPreviousData,
  });

export const growthQuery = ({ from, until, filter }: TrendSearch) =>
  queryOptions({
    queryKey: keys.part("insight", "growth", "", { from, until, filter }),
    queryFn: ({ signal }) =>
      ok(api.GET("/insight/growth", { params: { query: { from, until, filter: written(filter) } }, signal })),
    placeholderData: keepPreviousData,
  });

/** Both conditions, where there are both. */
export function all(...parts: (Condition | null | undefined)[]): Condition | undefined {
  const some = parts.filter((part): part is Condition => Boolean(part));
  return some.length > 1 ? { all: some } : some[0];
}

/** A pivot without axes, whose records are the orders behind a figure. */
export const behind = (fact: Query["fact"], from: string, to: string, filter?: Condition): Query => ({
  fact,
  measures: [{ aggregate: "count" }],
  period: { from, to },
  filter,
});
