/** Groups of customers that are alike. */
import { queryOptions } from "@tanstack/react-query";
import { api, ifMatch, keys, ok, type Schema } from "@/api";

export type Clustering = Schema<"ClusteringView">;
export type ClusterGroup = Schema<"ClusteringGroup">;
export type Measure = Schema<"ClusteringMeasure">;
export type Feature = Schema<"ClusteringFeature">;

export const FEATURES = [
  "recency_days",
  "tenure_days",
  "mean_gap_days",
  "orders",
  "order_days",
  "categories",
  "products",
  "contacts_365",
  "net",
  "average_order",
  "margin",
  "lifetime_value",
  "discount_share",
  "return_share",
] as const satisfies Feature[];

/** What tells most companies' customers apart. */
export const USUAL: Feature[] = ["recency_days", "orders", "average_order", "categories"];

export interface ClusterSearch {
  id?: string;
}

export const clusterSearch = (search: Record<string, unknown>): ClusterSearch => ({
  id: typeof search.id === "string" ? search.id : undefined,
});

const POLL_MS = 1_500;

export const clusteringsQuery = queryOptions({
  queryKey: keys.part("insight", "clusterings", ""),
  queryFn: ({ signal }) => ok(api.GET("/insight/clusterings", { signal })),
  refetchInterval: (query) =>
    query.state.data?.items.some((one) => one.status === "running") ? POLL_MS : false,
});

export const divide = (body: Schema<"ClusteringInput">) => ok(api.POST("/insight/clusterings", { body }));

export const rename = (one: Clustering, body: Partial<Schema<"ClusteringNames">>) =>
  ok(
    api.PATCH("/insight/clusterings/{id}", {
      params: { path: { id: one.id }, header: ifMatch(one.version) },
      body,
    }),
  );

export const discard = (one: Clustering) =>
  ok(
    api.DELETE("/insight/clusterings/{id}", {
      params: { path: { id: one.id }, header: ifMatch(one.version) },
    }),
  );

export const keep = (id: string, places: number[]) =>
  ok(api.POST("/insight/clusterings/{id}/segments", { params: { path: { id } }, body: { places } }));
