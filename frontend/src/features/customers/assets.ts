/** What customers own: as the contract tells it, read and removed. */
import { api, ifMatch, keys, type ListParams, ok, type Schema, type Versioned } from "@/api";

export type Asset = Schema<"AssetView">;

export const ASSET_STATUSES = [
  "in_use",
  "in_repair",
  "replaced",
  "returned",
  "retired",
] as const satisfies Schema<"AssetStatus">[];

export const fetchAssets = (query: ListParams, signal?: AbortSignal) =>
  ok(api.GET("/assets", { params: { query }, signal }));

export const deleteAsset = (row: Versioned) =>
  ok(api.DELETE("/assets/{id}", { params: { path: { id: row.id }, header: ifMatch(row.version) } }));

/** What one customer owns; changes with the customer. */
export const assetsQuery = (customer: string) => ({
  queryKey: keys.part("customers", customer, "assets"),
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    fetchAssets(
      {
        filter: JSON.stringify({ field: "customer", op: "eq", value: customer }),
        sort: "-bought_on",
        limit: 50,
      },
      signal,
    ),
});
