import type { Page } from "./types";

const PAGE = 200;
/** Short lists only (roles, units, tags): a list beyond this is a mistake, not a reason to go on. */
const MOST = 2_000;

/** Reads a short list to its end, following the cursor. */
export async function whole<T>(
  fetchPage: (query: { limit: number; cursor?: string }) => Promise<Page<T>>,
): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | undefined;
  do {
    const page = await fetchPage({ limit: PAGE, cursor });
    items.push(...page.items);
    cursor = page.next_cursor ?? undefined;
  } while (cursor && items.length < MOST);
  return items;
}
