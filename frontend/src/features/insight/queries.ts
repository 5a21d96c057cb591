import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, type Job, keys, ok } from "@/api";
import type { AbcView, Overview, RfmMode, RfmView } from "./types";

export const overviewQuery = queryOptions({
  queryKey: keys.part("insight", "overview", ""),
  queryFn: ({ signal }): Promise<Overview> => ok(api.GET("/insight/overview", { signal })) as never,
});

/** What is asked instead of the stored scores: another day, another way of scoring. */
export interface Basis {
  as_of?: string;
  mode?: RfmMode;
}

export const rfmQuery = (basis: Basis) =>
  queryOptions({
    queryKey: keys.part("insight", "rfm", "", basis),
    queryFn: ({ signal }): Promise<RfmView> =>
      ok(api.GET("/insight/rfm", { params: { query: basis as never }, signal })) as never,
    placeholderData: keepPreviousData,
  });

export const abcQuery = (as_of: string | undefined) =>
  queryOptions({
    queryKey: keys.part("insight", "abc", "", as_of),
    queryFn: ({ signal }): Promise<AbcView> =>
      ok(api.GET("/insight/abc", { params: { query: { as_of } as never }, signal })) as never,
    placeholderData: keepPreviousData,
  });

export const evaluate = (): Promise<Job> =>
  ok(api.POST("/insight/evaluations", { body: {} as never })) as never;
