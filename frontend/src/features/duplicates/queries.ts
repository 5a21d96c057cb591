import { infiniteQueryOptions } from "@tanstack/react-query";
import { api, type Condition, keys, ok, paged } from "@/api";
import type { Choices, Duplicate, DuplicateSearch } from "./types";

const PAGE = 20;

function conditionOf({ certainty, owner }: DuplicateSearch): Condition | undefined {
  const all: Condition[] = [];
  if (certainty) all.push({ field: "certain", op: "eq", value: certainty === "certain" });
  if (owner) all.push({ field: "owner", op: "any_of", value: [owner] });
  return all.length > 0 ? { all } : undefined;
}

/** The open pairs, the likeliest first. */
export const duplicatesQuery = (search: DuplicateSearch) =>
  infiniteQueryOptions({
    queryKey: keys.list("duplicates", search),
    queryFn: ({ pageParam, signal }) => {
      const condition = conditionOf(search);
      const query = {
        limit: PAGE,
        cursor: pageParam,
        count: true,
        filter: condition && JSON.stringify(condition),
      };
      return ok(
        search.customer
          ? api.GET("/customers/{id}/duplicates", {
              params: { path: { id: search.customer }, query },
              signal,
            })
          : api.GET("/duplicates", { params: { query }, signal }),
      );
    },
    ...paged,
  });

export const dismiss = (id: string) =>
  ok(api.POST("/duplicates/{id}/dismissal", { params: { path: { id } } }));

export const reopen = (id: string) =>
  ok(api.DELETE("/duplicates/{id}/dismissal", { params: { path: { id } } }));

/** Merges the pair into its `kept` record as the two were seen. */
export function merge(pair: Duplicate, kept: 0 | 1, choices: Choices) {
  const [stays, goes] =
    kept === 0 ? [pair.customers[0], pair.customers[1]] : [pair.customers[1], pair.customers[0]];
  return ok(
    api.POST("/customers/{id}/merges", {
      params: { path: { id: stays?.id ?? "" } },
      body: {
        other_id: goes?.id ?? "",
        version: stays?.version ?? 0,
        other_version: goes?.version ?? 0,
        choices,
      },
    }),
  );
}

export const undoMerge = (id: string) => ok(api.POST("/merges/{id}/undo", { params: { path: { id } } }));

export const startScan = () => ok(api.POST("/duplicates/scans"));
