import { queryOptions } from "@tanstack/react-query";
import { api, keys, ok, type Schema } from "@/api";

export type Today = Schema<"Today">;

export const todayQuery = queryOptions({
  queryKey: keys.of("today"),
  queryFn: ({ signal }) => ok(api.GET("/today", { signal })),
  refetchInterval: 5 * 60_000,
});
