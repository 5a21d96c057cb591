/**
 * What a list route keeps in its address. Apart from the grid's index, because route definitions are part of the
 * first download and must not bring the grid along: `import { listSearch } from "@/shared/grid/search"`.
 */
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

const text = (value: unknown): string | undefined =>
  typeof value === "string" || typeof value === "number" ? String(value) : undefined;

/** For `validateSearch`: keeps what a list understands, drops the rest. */
export const listSearch = (search: Record<string, unknown>): ListState => ({
  q: text(search.q),
  sort: text(search.sort),
  filter:
    typeof search.filter === "object" && search.filter !== null ? (search.filter as Condition) : undefined,
  cols: text(search.cols),
  view: text(search.view),
});
