/** What was spent on customers, as the contract tells it, read and changed. */
import { api, idempotencyKey, ifMatch, keys, ok, type Schema, type Versioned } from "@/api";

export type Cost = Schema<"CostView">;

/** What was spent on a customer, the latest first; changes with the customer. */
export const costsQuery = (customer: string) => ({
  queryKey: keys.part("customers", customer, "costs"),
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await ok(api.GET("/customers/{id}/costs", { params: { path: { id: customer } }, signal }))).items,
});

const changing = (row: Versioned) => ({ path: { id: row.id }, header: ifMatch(row.version) });

export const addCost = (customer: string, body: Schema<"CostInput">, header = idempotencyKey()) =>
  ok(api.POST("/customers/{id}/costs", { params: { path: { id: customer }, header }, body }));

export const patchCost = (row: Versioned, body: Schema<"CostInputPatch">) =>
  ok(api.PATCH("/costs/{id}", { params: changing(row), body }));

export const deleteCost = (row: Cost) => ok(api.DELETE("/costs/{id}", { params: changing(row) }));
