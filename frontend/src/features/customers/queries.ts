import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, keys, ok, type Page } from "@/api";
import type { ListQuery } from "@/shared/grid";
import type { Card, Customer, TimelineItem } from "./types";

/** One page of customers with their figures. */
export const fetchCustomers = (query: ListQuery, signal?: AbortSignal): Promise<Page<Customer>> =>
  ok(api.GET("/customers", { params: { query: { expand: "metrics", ...query } as never }, signal })) as never;

export const readCustomer = (id: string): Promise<Customer> =>
  ok(api.GET("/customers/{id}", { params: { path: { id } } })) as never;

/** Everything the page of one customer shows at first sight, in one request. */
export const cardQuery = (id: string) =>
  queryOptions({
    queryKey: keys.part("customers", id, "card"),
    queryFn: ({ signal }): Promise<Card> =>
      ok(api.GET("/customers/{id}/card", { params: { path: { id } }, signal })) as never,
  });

export const timelineQuery = (id: string, kinds: string[]) =>
  infiniteQueryOptions({
    queryKey: keys.part("customers", id, "timeline", kinds),
    queryFn: ({ pageParam, signal }): Promise<Page<TimelineItem>> =>
      ok(
        api.GET("/customers/{id}/timeline", {
          params: {
            path: { id },
            query: {
              kinds: kinds.length > 0 ? kinds.join(",") : undefined,
              cursor: pageParam ?? undefined,
              limit: 30,
            } as never,
          },
          signal,
        }),
      ) as never,
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
  });
