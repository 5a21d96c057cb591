/**
 * The table body: virtual rows between two spacers and one tab stop. The server filters, sorts and pages and the
 * URL holds the columns, so a table library would have nothing left to model here; TanStack Table cost list routes
 * 11 kB of their 260.
 */
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useMemo, useRef } from "react";
import { useTranslation } from "react-i18next";
import { Checkbox } from "../ui";
import { GridRow, type RowActions } from "./GridRow";
import classes from "./GridTable.module.css";
import { HeaderCell } from "./HeaderCell";
import type { OpenTarget } from "./ListView";
import type { GridColumn } from "./types";
import { useGridKeys } from "./useGridKeys";

const ROW_PX = 41;
const TICK_PX = 44;
const COLUMN_PX = 150;
/** Rows before the end at which the next page is asked for. */
const AHEAD = 25;

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

export function GridTable<T extends { id: string }>(props: Props<T>) {
  const { t } = useTranslation("grid");
  const { rows, columns, selectable, selected, onEnd } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => ROW_PX,
    overscan: 12,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - AHEAD) onEnd();
  }, [last, rows.length, onEnd]);

  const { keys, actions } = useRows(props, scroller, virtual.scrollToIndex);
  const span = columns.length + (selectable ? 1 : 0);
  const width = columns.reduce((sum, column) => sum + (column.width ?? COLUMN_PX), selectable ? TICK_PX : 0);

  return (
    <div ref={scroller} className={classes.scroller} data-stale={props.stale || undefined}>
      <table
        className={classes.table}
        style={{ minWidth: width }}
        role="grid"
        aria-label={props.label}
        aria-rowcount={props.total ?? -1}
        onKeyDown={keys.onKeyDown}
      >
        <colgroup>
          {selectable && <col style={{ width: TICK_PX }} />}
          {columns.map((column) => (
            <col key={column.id} style={{ width: column.width ?? COLUMN_PX }} />
          ))}
        </colgroup>
        <thead>
          <tr>
            {selectable && <TickAll rows={rows} selected={selected} onSelect={props.onSelect} />}
            {columns.map((column) => (
              <HeaderCell key={column.id} column={column} sort={props.sort} onSort={props.onSort} />
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer height={items[0]?.start ?? 0} span={span} />
          {items.map((item) => {
            const row = rows[item.index];
            return row ? (
              <GridRow
                key={row.id}
                row={row}
                index={item.index}
                height={ROW_PX}
                columns={columns}
                spot={keys.spot.row === item.index ? keys.spot.column : -1}
                editing={keys.editing && keys.spot.row === item.index}
                ticked={selectable ? selected.has(row.id) : undefined}
                name={props.name(row)}
                actions={actions}
              />
            ) : null;
          })}
          <Spacer height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} span={span} />
        </tbody>
      </table>
      {props.loadingMore && <div className={classes.more}>{t("common:state.loading")}</div>}
    </div>
  );
}

/** Holds the place of rows that are not drawn. */
function Spacer({ height, span }: { height: number; span: number }) {
  return height > 0 ? (
    <tr aria-hidden="true">
      <td colSpan={span} style={{ height, padding: 0, border: 0 }} />
    </tr>
  ) : null;
}

/** Keys and what rows may ask for; the actions keep their identity, so that rows need not be drawn again. */
function useRows<T extends { id: string }>(
  props: Props<T>,
  scroller: React.RefObject<HTMLDivElement | null>,
  scrollTo: (row: number) => void,
) {
  const navigate = useNavigate();
  const anchor = useRef<number | undefined>(undefined);
  const openRow = (row: T) => {
    const target = props.open?.(row);
    if (target) void navigate(target as never);
    else props.onOpen?.(row);
  };
  const tick = (index: number, range: boolean) => {
    const { rows, selected } = props;
    const row = rows[index];
    if (!row) return;
    const next = new Set(selected);
    const add = !next.has(row.id);
    const from = range && anchor.current !== undefined ? anchor.current : index;
    for (const one of rows.slice(Math.min(from, index), Math.max(from, index) + 1)) {
      if (add) next.add(one.id);
      else next.delete(one.id);
    }
    anchor.current = index;
    props.onSelect(next);
  };
  const keys = useGridKeys({
    rows: props.rows.length,
    columns: props.columns.length,
    scroller,
    rowHeight: ROW_PX,
    scrollTo,
    canEdit: (column) => props.columns[column]?.edit !== undefined,
    onOpen: (index) => {
      const row = props.rows[index];
      if (row) openRow(row);
    },
    onTick: props.selectable ? tick : undefined,
  });
  const latest = useRef({ keys, openRow, tick, changed: props.onChanged });
  latest.current = { keys, openRow, tick, changed: props.onChanged };
  const actions = useMemo<RowActions<T>>(
    () => ({
      focus: (row, column) => latest.current.keys.setSpot({ row, column }),
      edit: () => latest.current.keys.edit(),
      open: (row) => latest.current.openRow(row),
      tick: (row, range) => latest.current.tick(row, range),
      done: (row) => {
        latest.current.keys.stopEditing();
        if (row) latest.current.changed(row);
      },
    }),
    [],
  );
  return { keys, actions };
}

interface TickAllProps<T> {
  rows: T[];
  selected: Set<string>;
  onSelect: (ids: Set<string>) => void;
}

function TickAll<T extends { id: string }>({ rows, selected, onSelect }: TickAllProps<T>) {
  const { t } = useTranslation("grid");
  const all = rows.length > 0 && rows.every((row) => selected.has(row.id));
  return (
    <th scope="col" className={classes.tick}>
      <Checkbox
        size="xs"
        aria-label={t("select_loaded")}
        checked={all}
        indeterminate={!all && selected.size > 0}
        onChange={() => onSelect(all ? new Set() : new Set(rows.map((row) => row.id)))}
      />
    </th>
  );
}
