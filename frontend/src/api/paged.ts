import type { Page } from "./types";

/** How queries walk the pages of a list: from the first, along the cursors, until there is none. */
export const paged = {
  initialPageParam: undefined as string | undefined,
  getNextPageParam: (last: Pick<Page<unknown>, "next_cursor">): string | undefined =>
    last.next_cursor ?? undefined,
};
