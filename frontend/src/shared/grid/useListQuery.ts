import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { keys } from "@/api/keys";
import type { Page } from "@/api/types";
import { filterParams } from "./filters";
import type { ListState } from "./search";

export type ListQuery = Record<string, unknown>;
export type FetchPage<T> = (query: ListQuery, signal: AbortSignal) => Promise<Page<T>>;

const PAGE_SIZE = 100;

interface Options<T> {
  resource: string;
  state: ListState;
  fetch: FetchPage<T>;
  /** How the resource takes its filter: one condition, or `filter[field]=` parameters. */
  filterStyle?: "condition" | "params";
  /** Sort when the URL says nothing. */
  defaultSort?: string;
  /** Added to every request. */
  fixed?: ListQuery;
  /** False for resources that can't count. */
  counted?: boolean;
}

export function listQuery<T>(options: Options<T>): ListQuery {
  const { state, filterStyle = "condition", defaultSort, fixed } = options;
  const filter =
    filterStyle === "condition"
      ? { filter: state.filter ? JSON.stringify(state.filter) : undefined }
      : filterParams(state.filter);
  return { ...fixed, q: state.q || undefined, sort: state.sort ?? defaultSort, ...filter };
}

/** Pages of a list as one growing array, and its count beside it, never in front of it. */
export function useListQuery<T extends { id: string }>(options: Options<T>) {
  const client = useQueryClient();
  // The text is the identity: callers pass fresh objects on every render.
  const asked = JSON.stringify(listQuery(options));
  const query = useMemo(() => JSON.parse(asked) as ListQuery, [asked]);
  const queryKey = keys.list(options.resource, query);
  const pages = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      options.fetch({ ...query, limit: PAGE_SIZE, cursor: pageParam ?? undefined }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
    placeholderData: keepPreviousData,
  });
  const count = useQuery({
    queryKey: keys.list(options.resource, { ...query, sort: undefined, counting: true }),
    queryFn: ({ signal }) => options.fetch({ ...query, sort: undefined, limit: 1, count: true }, signal),
    enabled: options.counted !== false,
    staleTime: 30_000,
  });
  const rows = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);

  /** Puts a changed record where it stands, without asking for the list again. */
  const replaceRow = useCallback(
    (row: T) => {
      client.setQueryData<InfiniteData<Page<T>>>(queryKey, (data) =>
        data
          ? {
              ...data,
              pages: data.pages.map((page) => ({
                ...page,
                items: page.items.map((one) => (one.id === row.id ? row : one)),
              })),
            }
          : data,
      );
    },
    [client, queryKey],
  );

  return {
    rows,
    query,
    pages,
    replaceRow,
    total: count.data?.total ?? undefined,
    totalCapped: count.data?.total_capped === true,
  };
}
