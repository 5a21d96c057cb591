/** The parts of a pie: at most eight, the smallest of them together. */
import type { Query, Table } from "./types";

const MOST = 8;

export interface Slice {
  name: string;
  value: number;
}

export interface Pie {
  slices: Slice[];
  /** Groups below nothing, which no pie can show. */
  left_out: number;
}

/** Whether the parts of the first measure make up a whole. Averages, different customers and changes do not. */
export function additive(query: Query): boolean {
  const first = query.measures[0];
  return (
    first !== undefined &&
    (first.aggregate === "sum" || first.aggregate === "count") &&
    !first.show?.startsWith("change")
  );
}

const nameOf = (keys: Table["rows"][number]["keys"]) => keys.map((key) => key.label).join(" · ");

/**
 * The rows of a table by their first measure, or its columns when it has no rows. Only for the angles; the figures
 * themselves stand in the table as exact text.
 */
export function pieOf(table: Table, others: string): Pie {
  const rowed = (table.rows[0]?.keys.length ?? 0) > 0;
  const heads = rowed ? table.rows : table.columns;
  const totals = rowed ? table.row_totals : table.column_totals;
  const parts = heads.map((head, at) => ({
    name: nameOf(head.keys),
    value: Number(totals[at]?.[0] ?? 0),
    rest: head.keys.some((key) => key.others),
  }));
  const drawn = parts.filter((part) => part.value > 0);
  const named = drawn.filter((part) => !part.rest).toSorted((a, b) => b.value - a.value);
  const rest = drawn.filter((part) => part.rest);
  const fits = named.length + (rest.length > 0 ? 1 : 0) <= MOST;
  const shown = fits ? named : named.slice(0, MOST - 1);
  const gathered = [...named.slice(shown.length), ...rest].reduce((sum, part) => sum + part.value, 0);
  const slices = shown.map(({ name, value }) => ({ name, value }));
  if (gathered > 0) slices.push({ name: others, value: gathered });
  return { slices, left_out: parts.filter((part) => part.value < 0).length };
}
