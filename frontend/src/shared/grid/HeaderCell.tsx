import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { Tooltip } from "../ui";
import classes from "./GridTable.module.css";
import type { GridColumn } from "./types";

interface HeaderProps<T> {
  column: GridColumn<T>;
  sort?: string;
  onSort: (sort: string | undefined) => void;
}

/** A column's heading: sorts on press (up, down, not at all) and explains its figure on hover and focus. */
export function HeaderCell<T>({ column, sort, onSort }: HeaderProps<T>) {
  const up = column.sort !== undefined && sort === column.sort;
  const down = column.sort !== undefined && sort === `-${column.sort}`;
  const words = <span className={column.hint && classes.hinted}>{column.header}</span>;
  const heading = column.sort ? (
    <button
      type="button"
      className={classes.sort}
      onClick={() => onSort(up ? `-${column.sort}` : down ? undefined : column.sort)}
    >
      {words}
      {up && <IconArrowUp size={14} aria-hidden="true" />}
      {down && <IconArrowDown size={14} aria-hidden="true" />}
    </button>
  ) : (
    words
  );
  return (
    <th
      scope="col"
      data-align={column.align}
      aria-sort={up ? "ascending" : down ? "descending" : column.sort ? "none" : undefined}
    >
      {column.hint ? (
        <Tooltip label={column.hint} multiline w={260} touch>
          {heading}
        </Tooltip>
      ) : (
        heading
      )}
    </th>
  );
}
