import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Table, VisuallyHidden } from "../ui";
import classes from "./SimpleTable.module.css";

export interface Column<T> {
  id: string;
  header: ReactNode;
  cell: (row: T) => ReactNode;
  align?: "left" | "right";
  width?: number | string;
  /** Left out on phones. */
  wide?: boolean;
}

interface Props<T> {
  /** Spoken name of the table. */
  label: string;
  rows: T[];
  columns: Column<T>[];
  rowKey: (row: T) => string;
}

/** A short, whole list: no paging, no state. */
export function SimpleTable<T>({ label, rows, columns, rowKey }: Props<T>) {
  const { t } = useTranslation();
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={classes.scroll} aria-label={label} tabIndex={0}>
      <Table className={classes.table} aria-label={label} highlightOnHover verticalSpacing={7}>
        <Table.Thead>
          <Table.Tr>
            {columns.map((column) => (
              <Table.Th
                key={column.id}
                data-wide={column.wide}
                ta={column.align}
                w={column.width}
                scope="col"
              >
                {column.header === "" ? (
                  <VisuallyHidden>{t("action.actions")}</VisuallyHidden>
                ) : (
                  column.header
                )}
              </Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {rows.map((row) => (
            <Table.Tr key={rowKey(row)}>
              {columns.map((column) => (
                <Table.Td key={column.id} data-wide={column.wide} ta={column.align}>
                  {column.cell(row)}
                </Table.Td>
              ))}
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
