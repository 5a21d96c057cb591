import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { Button } from "@/shared/ui";
import { shown } from "./figures";
import classes from "./Pivots.module.css";
import type { At } from "./queries";
import { axesOf, withSort } from "./state";
import type { Fact, Place, Query, Table } from "./types";

interface Props {
  table: Table;
  query: Query;
  fact: Fact;
  busy: boolean;
  /** Cells are shaded by how large they are. */
  heat: boolean;
  onQuery: (query: Query) => void;
  onOpen: (at: At) => void;
}

const placesOf = (keys: Table["rows"][number]["keys"]): Place[] =>
  keys.map(({ value, others }) => ({ value, others }));

/** How many neighbours share their first keys, at each depth: the spans of headers that stand in levels. */
function spans(headers: Table["columns"], depth: number): { label: string; span: number; at: number }[][] {
  return Array.from({ length: depth }, (_, level) => {
    const runs: { label: string; span: number; at: number }[] = [];
    headers.forEach((header, at) => {
      const before = headers[at - 1];
      const same =
        before !== undefined &&
        header.keys.slice(0, level + 1).every((key, index) => {
          const other = before.keys[index];
          return other !== undefined && other.value === key.value && other.others === key.others;
        });
      const last = runs.at(-1);
      if (same && last) last.span += 1;
      else runs.push({ label: header.keys[level]?.label ?? "", span: 1, at });
    });
    return runs;
  });
}

function peak(table: Table, measure: number): number {
  const cells = table.cells.flatMap((row) => row.map((values) => Math.abs(Number(values[measure] ?? 0))));
  return Math.max(0, ...cells);
}

/** Only for the shade; the figures themselves are exact text. */
function warmth(value: string | null | undefined, largest: number | undefined) {
  if (!value || !largest) return undefined;
  const share = Math.round((Math.abs(Number(value)) / largest) * 45);
  const colour = Number(value) < 0 ? "var(--mantine-color-red-6)" : "var(--mantine-primary-color-filled)";
  return { background: `color-mix(in srgb, ${colour} ${share}%, transparent)` };
}

/** The table: headers in levels, figures that open the records behind them, totals below and at the right. */
export function PivotTable({ table, query, fact, busy, heat, onQuery, onOpen }: Props) {
  const { t } = useTranslation("pivots");
  const f = useFormat();
  const rowAxes = axesOf(query, "rows");
  const depth = Math.max(rowAxes.length, 1);
  const levels = table.columns[0]?.keys.length ?? 0;
  const heads = useMemo(() => spans(table.columns, levels), [table, levels]);
  const measures = table.measures.length;
  const several = measures > 1;
  const labelOf = (field: string) => fact.fields.find((one) => one.field === field)?.label ?? field;
  // Of each measure the largest figure within the table: against it the others are shaded.
  const largest = useMemo(() => (heat ? table.measures.map((_, at) => peak(table, at)) : []), [heat, table]);
  const figure = (values: (string | null)[] | undefined, at: At, key: string, strong = false) =>
    table.measures.map((measure, index) => {
      const value = values?.[index];
      const text = shown(f, measure, value);
      return (
        <td
          // biome-ignore lint/suspicious/noArrayIndexKey: measures stand in their order
          key={`${key} ${index}`}
          className={strong ? classes.total : undefined}
          style={strong ? undefined : warmth(value, largest[index])}
        >
          {text !== "" && (
            <button type="button" className={classes.figure} onClick={() => onOpen(at)}>
              {text}
            </button>
          )}
        </td>
      );
    });
  const sortMark = (index: number) => {
    if (query.sort?.measure !== index) return undefined;
    return query.sort.descending ? (
      <IconArrowDown size={13} aria-hidden />
    ) : (
      <IconArrowUp size={13} aria-hidden />
    );
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={classes.scroll} aria-label={t("table")} aria-busy={busy} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          {heads.map((runs, level) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: levels stand in their order
            <tr key={level}>
              {level === 0 && <td colSpan={depth} rowSpan={levels} className={classes.corner} />}
              {runs.map((run) => (
                <th key={run.at} colSpan={run.span * measures} scope="colgroup">
                  {run.label}
                </th>
              ))}
              {level === 0 && (
                <th colSpan={measures} rowSpan={levels} scope="colgroup" className={classes.total}>
                  {t("total")}
                </th>
              )}
            </tr>
          ))}
          <tr>
            {rowAxes.length > 0 ? (
              rowAxes.map((axis) => (
                <th key={`${axis.field} ${axis.grain ?? ""}`} scope="col" className={classes.rowHead}>
                  {labelOf(axis.field)}
                </th>
              ))
            ) : (
              <td />
            )}
            {levels > 0 && !several && <td colSpan={table.columns.length} />}
            {levels > 0 &&
              several &&
              table.columns.flatMap((_, column) =>
                table.measures.map((measure, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns stand in their order
                  <th key={`${column} ${index}`} scope="col" className={classes.measure}>
                    {measure.label}
                  </th>
                )),
              )}
            {table.measures.map((measure, index) => (
              <th
                // biome-ignore lint/suspicious/noArrayIndexKey: measures stand in their order
                key={index}
                scope="col"
                className={classes.measure}
                aria-sort={
                  query.sort?.measure === index
                    ? query.sort.descending
                      ? "descending"
                      : "ascending"
                    : undefined
                }
              >
                <Button
                  size="compact-xs"
                  variant="subtle"
                  rightSection={sortMark(index)}
                  onClick={() => onQuery(withSort(query, index))}
                >
                  {measure.label}
                </Button>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => {
            const place = rowAxes.length > 0 ? { row: placesOf(row.keys) } : {};
            const key = row.keys.map((one) => `${one.value} ${one.others}`).join("|");
            return (
              <tr key={key}>
                {row.keys.length === 0 && <th scope="row">{t("total")}</th>}
                {row.keys.map((one, level) => {
                  const before = table.rows[at - 1]?.keys.slice(0, level + 1);
                  const repeated =
                    level < row.keys.length - 1 &&
                    before !== undefined &&
                    before.every(
                      (other, index) =>
                        other.value === row.keys[index]?.value && other.others === row.keys[index]?.others,
                    );
                  return (
                    // biome-ignore lint/suspicious/noArrayIndexKey: levels stand in their order
                    <th key={level} scope="row" data-repeated={repeated || undefined}>
                      {one.label}
                    </th>
                  );
                })}
                {levels > 0 &&
                  table.columns.map((column, columnAt) =>
                    figure(
                      table.cells[at]?.[columnAt],
                      { ...place, column: placesOf(column.keys) },
                      `${columnAt}`,
                    ),
                  )}
                {figure(table.row_totals[at], place, "total", levels > 0)}
              </tr>
            );
          })}
        </tbody>
        {rowAxes.length > 0 && (
          <tfoot>
            <tr>
              <th scope="row" colSpan={depth}>
                {t("total")}
              </th>
              {levels > 0 &&
                table.columns.map((column, at) =>
                  figure(table.column_totals[at], { column: placesOf(column.keys) }, `${at}`, true),
                )}
              {figure(table.total, {}, "total", true)}
            </tr>
          </tfoot>
        )}
      </table>
    </section>
  );
}
