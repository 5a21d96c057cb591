/** The customer pool: its rules, who is in it, and what one does with it. */
import { queryOptions } from "@tanstack/react-query";
import { api, ifMatch, keys, type ListParams, ok, type Schema } from "@/api";

export type Pool = Schema<"PoolView">;
export type Pooled = Schema<"PoolCustomer"> & { id: string };
export type PoolMove = Schema<"PoolMoveView">;

export const POOLS = "pools";

export const poolsQuery = queryOptions({
  queryKey: keys.list(POOLS),
  queryFn: async ({ signal }) => (await ok(api.GET("/pools", { signal }))).items,
});

export const fetchPooled = (pool: string) => async (query: ListParams, signal?: AbortSignal) => {
  const page = await ok(api.GET("/pools/{id}/customers", { params: { path: { id: pool }, query }, signal }));
  return { ...page, items: page.items.map((one): Pooled => ({ ...one, id: one.customer.id })) };
};

export const previewQuery = (pool: string) =>
  queryOptions({
    queryKey: keys.part(POOLS, pool, "preview"),
    queryFn: ({ signal }) => ok(api.GET("/pools/{id}/preview", { params: { path: { id: pool } }, signal })),
    // It is looked at to decide now.
    staleTime: 0,
  });

export const movesQuery = (pool: string) =>
  queryOptions({
    queryKey: keys.part(POOLS, pool, "moves"),
    queryFn: async ({ signal }) =>
      (
        await ok(
          api.GET("/pools/{id}/moves", { params: { path: { id: pool }, query: { limit: 100 } }, signal }),
        )
      ).items,
    staleTime: 0,
  });

export const claimCustomer = (id: string) =>
  ok(api.POST("/customers/{id}/claim", { params: { path: { id } } }));

export const releaseCustomer = (id: string, note: string) =>
  ok(api.POST("/customers/{id}/release", { params: { path: { id } }, body: { note: note.trim() || null } }));

export const assignCustomers = (pool: string, body: Schema<"PoolAssignmentInput">) =>
  ok(api.POST("/pools/{id}/assignments", { params: { path: { id: pool } }, body }));

export const addPool = (body: Schema<"PoolInput">) => ok(api.POST("/pools", { body }));

export const patchPool = (id: string, version: number, body: Schema<"PoolInputPatch">) =>
  ok(api.PATCH("/pools/{id}", { params: { path: { id }, header: ifMatch(version) }, body }));
