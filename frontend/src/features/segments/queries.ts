import { queryOptions } from "@tanstack/react-query";
import { api, type Condition, idempotencyKey, ifMatch, keys, ok, type Page } from "@/api";
import type { Customer } from "@/features/customers";
import type { ListQuery } from "@/shared/grid";
import type { Segment } from "./types";

type Body = Record<string, unknown>;

export const segmentsQuery = queryOptions({
  queryKey: keys.list("segments"),
  queryFn: async ({ signal }): Promise<Segment[]> => {
    const page = (await ok(
      api.GET("/segments", { params: { query: { limit: 200 } as never }, signal }),
    )) as unknown as Page<Segment>;
    return page.items;
  },
});

export const readSegment = (id: string): Promise<Segment> =>
  ok(api.GET("/segments/{id}", { params: { path: { id } } })) as never;

export const segmentQuery = (id: string) =>
  queryOptions({ queryKey: keys.one("segments", id), queryFn: () => readSegment(id) });

export const countQuery = (condition: Condition | undefined) =>
  queryOptions({
    queryKey: keys.list("customers", { counting: condition }),
    queryFn: ({ signal }): Promise<{ count: number; capped?: boolean }> =>
      ok(api.POST("/segments/count", { body: { condition } as never, signal })) as never,
    enabled: condition !== undefined,
    staleTime: 30_000,
  });

/** Members as the customers list shows them. */
export const fetchMembers =
  (segment: string) =>
  ({ segment: _, ...query }: ListQuery, signal?: AbortSignal): Promise<Page<Customer>> =>
    ok(
      api.GET("/segments/{id}/members", {
        params: { path: { id: segment }, query: { expand: "metrics", ...query } as never },
        signal,
      }),
    ) as never;

export const createSegment = (body: Body, once = idempotencyKey()): Promise<Segment> =>
  ok(api.POST("/segments", { headers: once, body: body as never })) as never;

export const patchSegment = (row: { id: string; version: number }, body: Body): Promise<Segment> =>
  ok(
    api.PATCH("/segments/{id}", {
      params: { path: { id: row.id } },
      headers: ifMatch(row.version),
      body: body as never,
    }),
  ) as never;

export const deleteSegment = (row: { id: string; version: number }) =>
  ok(api.DELETE("/segments/{id}", { params: { path: { id: row.id } }, headers: ifMatch(row.version) }));

type Members = { ids: string[] } | { filter: Condition };

export const addMembers = (segment: string, members: Members): Promise<{ changed?: number }> =>
  ok(
    api.POST("/segments/{id}/members", { params: { path: { id: segment } }, body: members as never }),
  ) as never;

export const removeMembers = (segment: string, members: Members): Promise<{ changed?: number }> =>
  ok(
    api.POST("/segments/{id}/members/removal", { params: { path: { id: segment } }, body: members as never }),
  ) as never;
