import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from "@tanstack/react-query";
import { useCallback, useMemo } from "react";
import { keys } from "@/api/keys";
import { paged } from "@/api/paged";
import type { ListParams, Page } from "@/api/types";
import type { ListState } from "./search";

export type FetchPage<T> = (query: ListParams, signal: AbortSignal) => Promise<Page<T>>;

const PAGE_SIZE = 100;

interface Options<T> {
  resource: string;
  state: ListState;
  fetch: FetchPage<T>;
  /** Sort when the URL says nothing. */
  defaultSort?: string;
  /** Tells lists of one resource apart in the cache, such as the members of each segment. */
  scope?: string;
  /** False for resources that can't count. */
  counted?: boolean;
}

function listParams({ state, defaultSort }: Pick<Options<never>, "state" | "defaultSort">): ListParams {
  return {
    q: state.q || undefined,
    sort: state.sort ?? defaultSort,
    filter: state.filter && JSON.stringify(state.filter),
  };
}

/** Pages of a list as one growing array, and its count beside it, never in front of it. */
export function useListQuery<T extends { id: string }>(options: Options<T>) {
  const client = useQueryClient();
  const { q, sort, filter } = listParams(options);
  // Callers pass fresh objects on every render; what is asked stays the same object while its parts do.
  const query = useMemo<ListParams>(() => ({ q, sort, filter }), [q, sort, filter]);
  const { resource, scope } = options;
  const queryKey = useMemo(() => keys.list(resource, { ...query, scope }), [resource, query, scope]);
  const pages = useInfiniteQuery({
    queryKey,
    queryFn: ({ pageParam, signal }) =>
      options.fetch({ ...query, limit: PAGE_SIZE, cursor: pageParam }, signal),
    ...paged,
    placeholderData: keepPreviousData,
  });
  const count = useQuery({
    queryKey: keys.list(resource, { q, filter, scope, counting: true }),
    queryFn: ({ signal }) => options.fetch({ q, filter, limit: 1, count: true }, signal),
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
