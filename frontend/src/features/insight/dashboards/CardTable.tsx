import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { shown } from "../pivots/figures";
import type { At } from "../pivots/queries";
import type { Place, Table } from "../pivots/types";
import classes from "./Dashboards.module.css";

interface Props {
  table: Table;
  /** Cells are shaded by how large they are. */
  heat: boolean;
  onOpen: (at: At) => void;
}

const placesOf = (keys: Table["rows"][number]["keys"]): Place[] =>
  keys.map(({ value, others }) => ({ value, others }));
const nameOf = (keys: Table["rows"][number]["keys"]) => keys.map((key) => key.label).join(" · ");

/** Only for the shade; the figures themselves are exact text. */
function warmth(value: string | null | undefined, largest: number) {
  if (!value || largest === 0) return undefined;
  const share = Math.round((Math.abs(Number(value)) / largest) * 45);
  const colour = Number(value) < 0 ? "var(--mantine-color-red-6)" : "var(--mantine-primary-color-filled)";
  return { background: `color-mix(in srgb, ${colour} ${share}%, transparent)` };
}

/** A pivot's table as it fits a card: rows, columns, totals; every figure opens the orders behind it. */
export function CardTable({ table, heat, onOpen }: Props) {
  const { t } = useTranslation("pivots");
  const f = useFormat();
  const wide = (table.columns[0]?.keys.length ?? 0) > 0;
  const rowed = (table.rows[0]?.keys.length ?? 0) > 0;
  const largest = heat
    ? Math.max(0, ...table.cells.flatMap((row) => row.map((cell) => Math.abs(Number(cell[0] ?? 0)))))
    : 0;
  const figures = (values: (string | null)[] | undefined, at: At, key: string, tinted = false) =>
    table.measures.map((measure, index) => {
      const text = shown(f, measure, values?.[index]);
      return (
        <td
          // biome-ignore lint/suspicious/noArrayIndexKey: measures stand in their order
          key={`${key} ${index}`}
          style={tinted && index === 0 ? warmth(values?.[0], largest) : undefined}
        >
          {text !== "" && (
            <button type="button" className={classes.open} onClick={() => onOpen(at)}>
              {text}
            </button>
          )}
        </td>
      );
    });
  const several = table.measures.length > 1;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={classes.scroll} aria-label={t("table")} tabIndex={0}>
      <table className={classes.table}>
        <thead>
          <tr>
            <td />
            {wide &&
              table.columns.flatMap((column, at) =>
                table.measures.map((measure, index) => (
                  // biome-ignore lint/suspicious/noArrayIndexKey: columns stand in their order
                  <th key={`${at} ${index}`} scope="col">
                    {several ? `${nameOf(column.keys)} · ${measure.label}` : nameOf(column.keys)}
                  </th>
                )),
              )}
            {table.measures.map((measure, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: measures stand in their order
              <th key={index} scope="col">
                {wide && !several ? t("total") : measure.label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {table.rows.map((row, at) => {
            const place = rowed ? { row: placesOf(row.keys) } : {};
            return (
              <tr key={row.keys.map((key) => `${key.value} ${key.others}`).join("|")}>
                <th scope="row">{nameOf(row.keys) || t("total")}</th>
                {wide &&
                  table.columns.map((column, index) =>
                    figures(
                      table.cells[at]?.[index],
                      { ...place, column: placesOf(column.keys) },
                      `${index}`,
                      heat,
                    ),
                  )}
                {figures(table.row_totals[at], place, "total", heat && !wide)}
              </tr>
            );
          })}
        </tbody>
        {rowed && table.rows.length > 1 && (
          <tfoot>
            <tr>
              <th scope="row">{t("total")}</th>
              {wide &&
                table.columns.map((column, index) =>
                  figures(table.column_totals[index], { column: placesOf(column.keys) }, `${index}`),
                )}
              {figures(table.total, {}, "total")}
            </tr>
          </tfoot>
        )}
      </table>
    </section>
  );
}
