import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import type { ListState } from "./search";

export interface ListControl {
  state: ListState;
  /** Changes some keys; `undefined` removes one. Replaces history for typing, adds to it otherwise. */
  update: (change: Partial<ListState>, replace?: boolean) => void;
  /** What the server is asked, with the filter as a condition. */
  filtered: boolean;
}

export function useListState(): ListControl {
  const search = useSearch({ strict: false }) as ListState;
  const navigate = useNavigate();
  const state = useMemo<ListState>(
    () => ({ q: search.q, sort: search.sort, filter: search.filter, cols: search.cols, view: search.view }),
    [search.q, search.sort, search.filter, search.cols, search.view],
  );
  const update = useCallback(
    (change: Partial<ListState>, replace = false) => {
      void navigate({
        to: ".",
        search: (before: Record<string, unknown>) => ({ ...before, ...change }),
        replace,
      } as never);
    },
    [navigate],
  );
  return { state, update, filtered: Boolean(state.q || state.filter) };
}
