import { type MouseEvent, memo } from "react";
import { useTranslation } from "react-i18next";
import { Checkbox } from "../ui";
import classes from "./GridTable.module.css";
import { CellEditor } from "./LazyCellEditor";
import type { GridColumn } from "./types";

/** What a row asks of its grid; the same object on every render. */
export interface RowActions<T> {
  focus: (row: number, column: number) => void;
  edit: () => void;
  open: (row: T) => void;
  tick: (row: number, range: boolean) => void;
  done: (row?: T) => void;
}

interface Props<T> {
  row: T;
  index: number;
  height: number;
  columns: GridColumn<T>[];
  /** The column that holds the tab stop, or -1. */
  spot: number;
  editing: boolean;
  /** Undefined where rows can't be ticked. */
  ticked: boolean | undefined;
  name: string;
  actions: RowActions<T>;
}

function Row<T>({ row, index, height, columns, spot, editing, ticked, name, actions }: Props<T>) {
  const { t } = useTranslation("grid");
  return (
    <tr className={classes.row} aria-rowindex={index + 2} aria-selected={ticked} style={{ height }}>
      {ticked !== undefined && (
        <td className={classes.tick}>
          <Checkbox
            size="xs"
            tabIndex={-1}
            aria-label={t("select_row", { name })}
            checked={ticked}
            onChange={() => undefined}
            onClick={(event) => actions.tick(index, event.shiftKey)}
          />
        </td>
      )}
      {columns.map((column, at) => {
        const here = spot === at;
        const press = (event: MouseEvent) => {
          if ((event.target as HTMLElement).closest("a,button,input,label")) return;
          if (event.detail > 1 && column.edit) actions.edit();
          else if (!column.edit && event.detail === 1 && !window.getSelection()?.toString())
            actions.open(row);
        };
        return (
          // biome-ignore lint/a11y/useKeyWithClickEvents: the grid carries the keys
          <td
            key={column.id}
            className={classes.cell}
            data-align={column.align}
            data-editable={column.edit ? true : undefined}
            data-spot={`${index}:${at}`}
            tabIndex={here ? 0 : -1}
            onFocus={() => !here && actions.focus(index, at)}
            onClick={press}
          >
            {here && editing && column.edit ? (
              <CellEditor
                edit={column.edit}
                row={row}
                label={column.header}
                onDone={actions.done}
                meanwhile={column.cell(row)}
              />
            ) : (
              column.cell(row)
            )}
          </td>
        );
      })}
    </tr>
  );
}

/** One row, drawn again only when something of it changed: scrolling past ten thousand stays smooth. */
export const GridRow = memo(Row) as typeof Row;
