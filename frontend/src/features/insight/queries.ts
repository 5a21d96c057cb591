import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, keys, ok } from "@/api";
import type { RfmMode } from "./types";

export const overviewQuery = queryOptions({
  queryKey: keys.part("insight", "overview", ""),
  queryFn: ({ signal }) => ok(api.GET("/insight/overview", { signal })),
});

/** What is asked instead of the stored scores: another day, another way of scoring. */
export interface Basis {
  as_of?: string;
  mode?: RfmMode;
}

export const rfmQuery = (basis: Basis) =>
  queryOptions({
    queryKey: keys.part("insight", "rfm", "", basis),
    queryFn: ({ signal }) => ok(api.GET("/insight/rfm", { params: { query: basis }, signal })),
    placeholderData: keepPreviousData,
  });

export const abcQuery = (as_of: string | undefined) =>
  queryOptions({
    queryKey: keys.part("insight", "abc", "", as_of),
    queryFn: ({ signal }) => ok(api.GET("/insight/abc", { params: { query: { as_of } }, signal })),
    placeholderData: keepPreviousData,
  });

export const evaluate = () => ok(api.POST("/insight/evaluations", { body: {} }));
