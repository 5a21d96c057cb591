/** Durables as the server tells of them. */
import { queryOptions } from "@tanstack/react-query";
import { api, keys, ok, type Schema } from "@/api";

export type Durable = Schema<"DurableView">;
export type DurableSettings = Schema<"DurableSettings">;

export const durablesQuery = queryOptions({
  queryKey: keys.part("insight", "durables", ""),
  queryFn: ({ signal }) => ok(api.GET("/insight/lifetime/durables", { signal })),
});
