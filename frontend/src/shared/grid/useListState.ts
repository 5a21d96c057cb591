import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useMemo } from "react";
import * as z from "zod/mini";
import type { Condition } from "@/api/types";

/** Everything that says what a list shows. Lives in the URL, and as the definition of a saved view. */
export interface ListState {
  q?: string;
  sort?: string;
  filter?: Condition;
  /** Ids of the shown columns in order; absent for the default ones. */
  cols?: string;
  /** The saved view this state started from. */
  view?: string;
}

/** `validateSearch: listSearch` on a list route; extend it with `z.extend` for more. */
export const listSearch = z.object({
  q: z.catch(z.optional(z.coerce.string()), undefined),
  sort: z.catch(z.optional(z.string()), undefined),
  filter: z.catch(
    z.optional(z.custom<Condition>((value) => typeof value === "object" && value !== null)),
    undefined,
  ),
  cols: z.catch(z.optional(z.string()), undefined),
  view: z.catch(z.optional(z.string()), undefined),
});

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
