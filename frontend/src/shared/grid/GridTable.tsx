/**
 * The table body: TanStack Table for the column and row models, virtual rows between two spacers, one tab stop
 * (arrows move, Enter edits or opens, Space ticks, Esc reverts).
 */
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { type ColumnDef, tableFeatures, useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { Checkbox, Tooltip } from "../ui";
import { CellEditor } from "./CellEditor";
import classes from "./GridTable.module.css";
import type { OpenTarget } from "./ListView";
import type { GridColumn } from "./types";

const ROW_PX = 41;
const features = tableFeatures({});

interface Props<T extends { id: string }> {
  label: string;
  rows: T[];
  total?: number;
  columns: GridColumn<T>[];
  sort?: string;
  onSort: (sort: string | undefined) => void;
  selectable: boolean;
  selected: Set<string>;
  onSelect: (ids: Set<string>) => void;
  open?: (row: T) => OpenTarget;
  onOpen?: (row: T) => void;
  name: (row: T) => string;
  onChanged: (row: T) => void;
  onEnd: () => void;
  stale: boolean;
  loadingMore: boolean;
}

interface Spot {
  row: number;
  column: number;
}

export function GridTable<T extends { id: string }>(props: Props<T>) {
  const { t } = useTranslation("grid");
  const { rows, columns, selectable, selected } = props;
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const [spot, setSpot] = useState<Spot>({ row: 0, column: 0 });
  const [editing, setEditing] = useState(false);
  const anchor = useRef<number | undefined>(undefined);
  const focusNext = useRef(false);

  const definitions = useMemo<ColumnDef<typeof features, T>[]>(
    () =>
      columns.map((column) => ({
        id: column.id,
        header: column.header,
        cell: ({ row }) => column.cell(row.original),
      })),
    [columns],
  );
  const table = useTable({ features, columns: definitions, data: rows, getRowId: (row) => row.id });
  const model = table.getRowModel().rows;
  const byId = useMemo(() => new Map(columns.map((column) => [column.id, column])), [columns]);

  const virtual = useVirtualizer({
    count: model.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  const { onEnd } = props;
  useEffect(() => {
    if (last >= rows.length - 25) onEnd();
  }, [last, rows.length, onEnd]);

  useEffect(() => {
    if (!focusNext.current || editing) return;
    focusNext.current = false;
    scroller.current
      ?.querySelector<HTMLElement>(`[data-spot="${spot.row}:${spot.column}"]`)
      ?.focus({ preventScroll: true });
  });

  const move = (next: Spot) => {
    const row = Math.max(0, Math.min(rows.length - 1, next.row));
    const column = Math.max(0, Math.min(columns.length - 1, next.column));
    virtual.scrollToIndex(row);
    focusNext.current = true;
    setSpot({ row, column });
  };
  const openRow = (row: T) => {
    const target = props.open?.(row);
    if (target) void navigate(target as never);
    else props.onOpen?.(row);
  };
  const toggle = (index: number, range: boolean) => {
    const row = rows[index];
    if (!row) return;
    const next = new Set(selected);
    const tick = !next.has(row.id);
    const from = range && anchor.current !== undefined ? anchor.current : index;
    for (let at = Math.min(from, index); at <= Math.max(from, index); at += 1) {
      const id = rows[at]?.id;
      if (id) tick ? next.add(id) : next.delete(id);
    }
    anchor.current = index;
    props.onSelect(next);
  };
  const onKey = (event: KeyboardEvent) => {
    if (editing || event.nativeEvent.isComposing || !(event.target as HTMLElement).dataset.spot) return;
    const row = rows[spot.row];
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / ROW_PX) - 2);
    const steps: Record<string, Spot> = {
      ArrowDown: { row: spot.row + 1, column: spot.column },
      ArrowUp: { row: spot.row - 1, column: spot.column },
      ArrowLeft: { row: spot.row, column: spot.column - 1 },
      ArrowRight: { row: spot.row, column: spot.column + 1 },
      PageDown: { row: spot.row + page, column: spot.column },
      PageUp: { row: spot.row - page, column: spot.column },
      Home: { row: event.ctrlKey ? 0 : spot.row, column: 0 },
      End: { row: event.ctrlKey ? rows.length - 1 : spot.row, column: columns.length - 1 },
    };
    const step = steps[event.key];
    if (step) {
      event.preventDefault();
      move(step);
    } else if (event.key === "Enter" && row) {
      event.preventDefault();
      if (columns[spot.column]?.edit) setEditing(true);
      else openRow(row);
    } else if (event.key === " " && selectable) {
      event.preventDefault();
      toggle(spot.row, event.shiftKey);
    }
  };
  const stopEditing = (row?: T) => {
    setEditing(false);
    focusNext.current = true;
    if (row) props.onChanged(row);
  };

  const top = items[0]?.start ?? 0;
  const bottom = virtual.getTotalSize() - (items.at(-1)?.end ?? 0);
  const span = columns.length + (selectable ? 1 : 0);
  const allTicked = rows.length > 0 && rows.every((row) => selected.has(row.id));
  const width = columns.reduce((sum, column) => sum + (column.width ?? 150), selectable ? 44 : 0);

  return (
    <div ref={scroller} className={classes.scroller} data-stale={props.stale || undefined}>
      <table
        className={classes.table}
        style={{ minWidth: width }}
        role="grid"
        aria-label={props.label}
        aria-rowcount={props.total ?? -1}
        onKeyDown={onKey}
      >
        <colgroup>
          {selectable && <col style={{ width: 44 }} />}
          {columns.map((column) => (
            <col key={column.id} style={{ width: column.width ?? 150 }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {selectable && (
              <th scope="col" className={classes.tick}>
                <Checkbox
                  size="xs"
                  aria-label={t("select_loaded")}
                  checked={allTicked}
                  indeterminate={!allTicked && selected.size > 0}
                  onChange={() => props.onSelect(allTicked ? new Set() : new Set(rows.map((row) => row.id)))}
                />
              </th>
            )}
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          {top > 0 && (
            <tr aria-hidden="true">
              <td colSpan={span} style={{ height: top, padding: 0, border: 0 }} />
            </tr>
          )}
          {items.map((item) => {
            const row = model[item.index];
            if (!row) return null;
            const ticked = selected.has(row.id);
            return (
              <tr
                key={row.id}
                className={classes.row}
                aria-rowindex={item.index + 2}
                aria-selected={selectable ? ticked : undefined}
                style={{ height: ROW_PX }}
              >
                {selectable && (
                  <td className={classes.tick}>
                    <Checkbox
                      size="xs"
                      tabIndex={-1}
                      aria-label={t("select_row", { name: props.name(row.original) })}
                      checked={ticked}
                      onChange={() => undefined}
                      onClick={(event) => toggle(item.index, event.shiftKey)}
                    />
                  </td>
                )}
                {row.getAllCells().map((cell, index) => {
                  const column = byId.get(cell.column.id);
                  if (!column) return null;
                  const here = spot.row === item.index && spot.column === index;
                  const edits = here && editing && column.edit;
                  return (
                    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid carries the keys
                    <td
                      key={cell.id}
                      className={classes.cell}
                      data-align={column.align}
                      data-editable={column.edit ? true : undefined}
                      data-spot={`${item.index}:${index}`}
                      tabIndex={here ? 0 : -1}
                      onFocus={() => !here && setSpot({ row: item.index, column: index })}
                      onClick={(event) => {
                        if ((event.target as HTMLElement).closest("a,button,input,label")) return;
                        if (event.detail > 1 && column.edit) setEditing(true);
                        else if (!column.edit && event.detail === 1 && !window.getSelection()?.toString())
                          openRow(row.original);
                      }}
                    >
                      {edits ? (
                        <CellEditor
                          edit={edits}
                          row={row.original}
                          label={column.header}
                          onDone={stopEditing}
                        />
                      ) : (
                        <table.FlexRender cell={cell} />
                      )}
                    </td>
                  );
                })}
              </tr>
            );
          })}
          {bottom > 0 && (
            <tr aria-hidden="true">
              <td colSpan={span} style={{ height: bottom, padding: 0, border: 0 }} />
            </tr>
          )}
        </tbody>
      </table>
      {props.loadingMore && <div className={classes.more}>{t("common:state.loading")}</div>}
    </div>
  );
}

interface HeaderProps<T> {
  column: GridColumn<T>;
  sort?: string;
  onSort: (sort: string | undefined) => void;
}

function HeaderCell<T>({ column, sort, onSort }: HeaderProps<T>) {
  const up = column.sort !== undefined && sort === column.sort;
  const down = column.sort !== undefined && sort === `-${column.sort}`;
  const words = column.hint ? (
    <Tooltip label={column.hint} multiline w={260} events={{ hover: true, focus: true, touch: true }}>
      <span className={classes.hinted}>{column.header}</span>
    </Tooltip>
  ) : (
    column.header
  );
  return (
    <th
      scope="col"
      data-align={column.align}
      aria-sort={up ? "ascending" : down ? "descending" : column.sort ? "none" : undefined}
    >
      {column.sort ? (
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
      )}
    </th>
  );
}
