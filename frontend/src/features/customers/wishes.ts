/** What customers want that isn't to be had now: as the contract tells it, read and changed. */
import { api, idempotencyKey, ifMatch, keys, type ListParams, ok, type Schema, type Versioned } from "@/api";

export type Wish = Schema<"WishView">;
export type WishStatus = Schema<"WishStatusKey">;

export const fetchWishes = (query: ListParams, signal?: AbortSignal) =>
  ok(api.GET("/wishes", { params: { query }, signal }));

export const addWish = (body: Schema<"WishInput">, header = idempotencyKey()) =>
  ok(api.POST("/wishes", { params: { header }, body }));

export const patchWish = (row: Versioned, body: Schema<"WishInputPatch">) =>
  ok(api.PATCH("/wishes/{id}", { params: { path: { id: row.id }, header: ifMatch(row.version) }, body }));

export const deleteWish = (row: Versioned) =>
  ok(api.DELETE("/wishes/{id}", { params: { path: { id: row.id }, header: ifMatch(row.version) } }));

/** Says that a product is there; answers how many wishes are to be told of. */
export const productArrived = (id: string) =>
  ok(api.POST("/products/{id}/arrival", { params: { path: { id } } }));

export const wishCountsQuery = {
  queryKey: keys.list("wishes", { counts: true }),
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await ok(api.GET("/wish-counts", { signal }))).items,
};

/** What one customer wants; changes with the customer. */
export const wishesQuery = (customer: string) => ({
  queryKey: keys.part("customers", customer, "wishes"),
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    fetchWishes(
      { filter: JSON.stringify({ field: "customer", op: "eq", value: customer }), limit: 50 },
      signal,
    ),
});

/** What can be done next with a wish. */
export const NEXT: Record<WishStatus, WishStatus[]> = {
  open: ["arrived", "closed"],
  arrived: ["told", "closed"],
  told: ["closed"],
  closed: ["open"],
};
