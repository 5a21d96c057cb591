import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, keys, ok } from "@/api";
import type { Place, Query } from "./types";

/** Labels come in the reader's language, so the language is part of the key. */
export const factsQuery = (language: string) =>
  queryOptions({
    queryKey: keys.part("pivots", "facts", "", language),
    queryFn: ({ signal }) => ok(api.GET("/pivots/facts", { signal })),
    staleTime: 5 * 60_000,
  });

export const tableQuery = (query: Query, language: string) =>
  queryOptions({
    queryKey: keys.part("pivots", "table", "", { query, language }),
    queryFn: ({ signal }) => ok(api.POST("/pivots/tables", { body: query, signal })),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });

/** A cell, a row, a column or the whole of a pivot. */
export interface At {
  row?: Place[];
  column?: Place[];
}

export const recordsQuery = (query: Query, at: At) =>
  infiniteQueryOptions({
    queryKey: keys.part("pivots", "records", "", { query, at }),
    queryFn: ({ signal, pageParam }) =>
      ok(api.POST("/pivots/records", { body: { query, ...at, cursor: pageParam, limit: 50 }, signal })),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next_cursor ?? undefined,
  });
