import type { Format } from "@/shared/format";
import type { Table } from "./types";

type Unit = Table["measures"][number];

/** A figure as people read it: the server's decimals, grouped; shares as per cent. */
export function shown(f: Format, measure: Unit, value: string | null | undefined): string {
  if (value === null || value === undefined) return "";
  if (measure.unit === "share") return f.percent(Number(value), 1);
  if (measure.unit === "money" && measure.currency)
    return f.money({ amount: value, currency: measure.currency });
  return measure.unit === "quantity" ? f.quantity(value) : f.number(value);
}

/** The table as rows of text: headers, cells, totals. Figures stay plain decimals. */
export function flat(table: Table, total: string): string[][] {
  const several = table.measures.length > 1;
  const name = (keys: Table["rows"][number]["keys"]) => keys.map((key) => key.label);
  const depth = Math.max(table.rows[0]?.keys.length ?? 0, 1);
  const blanks = Array.from({ length: depth }, () => "");
  const heads = table.columns.map((column) => name(column.keys).join(" · "));
  const measures = table.measures.map((measure) => measure.label);
  const columns = [...(heads.length === 1 && heads[0] === "" ? [] : heads), total];
  const single = columns.length === 1;
  const head = [
    ...blanks,
    ...columns.flatMap((column) =>
      measures.map((measure) => (several || single ? `${single ? "" : `${column} · `}${measure}` : column)),
    ),
  ];
  const line = (keys: string[], cells: (string | null)[][], totals: (string | null)[]) => [
    ...keys,
    ...(single ? [] : cells.flatMap((cell) => cell.map((value) => value ?? ""))),
    ...totals.map((value) => value ?? ""),
  ];
  return [
    head,
    ...table.rows.map((row, at) =>
      line(row.keys.length > 0 ? name(row.keys) : [""], table.cells[at] ?? [], table.row_totals[at] ?? []),
    ),
    ...(table.rows.length > 1 ? [line([total, ...blanks.slice(1)], table.column_totals, table.total)] : []),
  ];
}

const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^-?\d+(\.\d+)?$/;

/** CSV (RFC 4180) that no spreadsheet takes for formulas, with the mark by which Excel knows UTF-8. */
export function csv(rows: string[][]): string {
  const cell = (text: string) => {
    const safe = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text;
    return /[",\n\r]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
  };
  return `\uFEFF${rows.map((row) => row.map(cell).join(",")).join("\r\n")}\r\n`;
}
