/** Whom it pays to win back. */
import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api, keys, ok, type Schema } from "@/api";

export type WinBack = Schema<"WinBackView">;

export const SORTS = ["-expected", "-value", "-silent_days", "silent_days"] as const;
export type WinBackSort = (typeof SORTS)[number];

export interface WinBackSearch {
  sort?: WinBackSort;
}

export const winBackSearch = (search: Record<string, unknown>): WinBackSearch => ({
  sort: SORTS.find((one) => one === search.sort && one !== "-expected"),
});

export const winBackQuery = (sort: WinBackSort | undefined) =>
  queryOptions({
    queryKey: keys.part("insight", "win-back", "", sort),
    queryFn: ({ signal }) => ok(api.GET("/insight/win-back", { params: { query: { sort } }, signal })),
    placeholderData: keepPreviousData,
  });

/** A list kept by hand of these customers. */
export async function keepAsList(name: string, customers: string[]) {
  const list = await ok(api.POST("/segments", { body: { name, kind: "static" } }));
  await ok(
    api.POST("/segments/{id}/members", { params: { path: { id: list.id } }, body: { ids: customers } }),
  );
  return list;
}
