import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type ClipboardEvent,
  type KeyboardEvent,
  memo,
  useEffect,
  useImperativeHandle,
  useRef,
  useState,
} from "react";
import { flushSync } from "react-dom";
import { useTranslation } from "react-i18next";
import { type Column, type Fault, faultOf, shown, textOf } from "./cells";
import classes from "./SheetGrid.module.css";
import type { SheetRow } from "./sheet";
import type { Change, Typed } from "./useSheet";

const NAME_PX = 190;
const COLUMN_PX = 104;
const WORDS_PX = 150;
const ROW_PX = 34;
const TALL_PX = 46;

export interface Spot {
  row: number;
  column: number;
}

/** The corners of what is selected; `to` is where the keyboard is. */
export interface Range {
  from: Spot;
  to: Spot;
}

export interface GridHandle {
  /** Selects a cell and brings it into sight. */
  goTo: (spot: Spot) => void;
}

interface Props {
  label: string;
  rows: SheetRow[];
  columns: Column[];
  totals: string[];
  typed: Typed;
  refused: ReadonlyMap<string, string>;
  moneyPlaces: number;
  /** Whether earlier figures stand beneath. */
  beside: boolean;
  locked: boolean;
  range: Range;
  onRange: (range: Range) => void;
  onWrite: (changes: Change[]) => void;
  onPaste: (text: string) => void;
  onBack?: () => void;
  onForth?: () => void;
  handle: React.Ref<GridHandle>;
}

const cellId = ({ row, column }: Spot) => `sheet-${row}-${column}`;

/** First and last row and column of a range. */
export const edges = ({ from, to }: Range) => ({
  top: Math.min(from.row, to.row),
  bottom: Math.max(from.row, to.row),
  left: Math.min(from.column, to.column),
  right: Math.max(from.column, to.column),
});

/**
 * A sheet for the keyboard: arrows move, Shift widens, typing or Enter edits, Esc reverts, Tab goes to the right. The
 * table itself keeps the focus and names the cell it is at, so that rows out of sight need not be drawn.
 */
export function SheetGrid(props: Props) {
  const { rows, columns, range, onRange, typed } = props;
  const { t } = useTranslation("sheets");
  const scroller = useRef<HTMLElement>(null);
  const table = useRef<HTMLTableElement>(null);
  const [editing, setEditing] = useState<string>();
  const height = props.beside ? TALL_PX : ROW_PX;
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 10,
    scrollPaddingStart: 64,
    scrollPaddingEnd: 16,
  });
  const items = virtual.getVirtualItems();
  const at = range.to;
  // Rows that nothing changed for keep the handlers they were drawn with.
  const latest = useRef(range);
  latest.current = range;

  const show = (spot: Spot) => {
    virtual.scrollToIndex(spot.row);
    const box = scroller.current;
    if (!box) return;
    const left = NAME_PX + columns.slice(0, spot.column).reduce((sum, one) => sum + widthOf(one), 0);
    const width = columns[spot.column] ? widthOf(columns[spot.column] as Column) : COLUMN_PX;
    if (left - NAME_PX < box.scrollLeft) box.scrollLeft = left - NAME_PX;
    else if (left + width > box.scrollLeft + box.clientWidth) box.scrollLeft = left + width - box.clientWidth;
  };
  const move = (row: number, column: number, widen = false) => {
    const to = {
      row: Math.max(0, Math.min(rows.length - 1, row)),
      column: Math.max(0, Math.min(columns.length - 1, column)),
    };
    onRange({ from: widen ? range.from : to, to });
    show(to);
  };
  useImperativeHandle(props.handle, () => ({
    goTo: (spot) => {
      onRange({ from: spot, to: spot });
      show(spot);
      table.current?.focus({ preventScroll: true });
    },
  }));

  const writable = (spot: Spot) => !props.locked && rows[spot.row]?.place.writable === true;
  const textAt = (row: SheetRow | undefined, column: Column | undefined) =>
    row && column
      ? (typed.get(row.place.id)?.get(column.key) ?? shown(column.kind, row.values[column.key]))
      : "";
  const edit = (text?: string) => {
    if (!writable(at)) return;
    // The editor must have the focus before the key that opened it reaches an input method.
    flushSync(() => setEditing(text ?? textAt(rows[at.row], columns[at.column])));
  };
  const commit = (text: string) => {
    const [row, column] = [rows[at.row], columns[at.column]];
    setEditing(undefined);
    table.current?.focus({ preventScroll: true });
    if (row && column && text !== textAt(row, column))
      props.onWrite([{ place: row.place.id, column: column.key, text }]);
  };
  const clear = () => {
    const { top, bottom, left, right } = edges(range);
    const changes: Change[] = [];
    for (const row of rows.slice(top, bottom + 1))
      if (row.place.writable && !props.locked)
        for (const column of columns.slice(left, right + 1))
          if (textAt(row, column) !== "") changes.push({ place: row.place.id, column: column.key, text: "" });
    if (changes.length > 0) props.onWrite(changes);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (editing !== undefined || event.target !== table.current) return;
    if (event.nativeEvent.isComposing || event.key === "Process") {
      edit("");
      return;
    }
    const { row, column } = at;
    const far = event.ctrlKey || event.metaKey;
    if (far && !event.altKey) {
      const key = event.key.toLowerCase();
      if (key === "a")
        onRange({ from: { row: 0, column: 0 }, to: { row: rows.length - 1, column: columns.length - 1 } });
      else if (key === "z" && !event.shiftKey) props.onBack?.();
      else if (key === "y" || key === "z") props.onForth?.();
      else if (!(key.startsWith("arrow") || key === "home" || key === "end")) return;
    }
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / height) - 3);
    const steps: Record<string, [number, number]> = {
      ArrowDown: [far ? rows.length - 1 : row + 1, column],
      ArrowUp: [far ? 0 : row - 1, column],
      ArrowLeft: [row, far ? 0 : column - 1],
      ArrowRight: [row, far ? columns.length - 1 : column + 1],
      PageDown: [row + page, column],
      PageUp: [row - page, column],
      Home: [far ? 0 : row, 0],
      End: [far ? rows.length - 1 : row, columns.length - 1],
    };
    const step = steps[event.key];
    if (step) move(...step, event.shiftKey);
    else if (event.key === "Tab") {
      // At the end of a row Tab leaves the sheet: nobody is caught in it.
      if (event.shiftKey ? column === 0 : column === columns.length - 1) return;
      move(row, column + (event.shiftKey ? -1 : 1));
    } else if (event.key === "Enter" || event.key === "F2") edit();
    else if (event.key === "Escape") onRange({ from: at, to: at });
    else if (event.key === "Delete" || event.key === "Backspace") clear();
    else if (event.key.length === 1 && !far && !event.altKey) edit(event.key);
    else if (!far) return;
    event.preventDefault();
  };

  const onCopy = (event: ClipboardEvent) => {
    if (editing !== undefined) return;
    const { top, bottom, left, right } = edges(range);
    const chosen = columns.slice(left, right + 1);
    const table = rows.slice(top, bottom + 1).map((row) => chosen.map((column) => textAt(row, column)));
    event.clipboardData.setData("text/plain", textOf(table));
    event.preventDefault();
    if (event.type === "cut") clear();
  };

  const { top, bottom, left, right } = edges(range);
  const span = columns.length + 1;
  const width = columns.reduce((sum, column) => sum + widthOf(column), NAME_PX);
  return (
    <section ref={scroller} className={classes.scroller} aria-label={props.label}>
      <table
        ref={table}
        className={classes.table}
        style={{ width }}
        role="grid"
        aria-label={props.label}
        aria-multiselectable="true"
        aria-rowcount={rows.length + 1}
        aria-colcount={span}
        aria-activedescendant={items.some((item) => item.index === at.row) ? cellId(at) : undefined}
        tabIndex={0}
        onKeyDown={onKeyDown}
        onCopy={onCopy}
        onCut={onCopy}
        onPaste={(event) => {
          if (editing !== undefined || props.locked) return;
          event.preventDefault();
          props.onPaste(event.clipboardData.getData("text/plain"));
        }}
      >
        <colgroup>
          <col style={{ width: NAME_PX }} />
          {columns.map((column) => (
            <col key={column.key} style={{ width: widthOf(column) }} />
          ))}
        </colgroup>
        <thead>
          <tr aria-rowindex={1}>
            <th scope="col">{t("place")}</th>
            {columns.map((column, index) => (
              <th
                key={column.key}
                scope="col"
                title={column.name}
                data-words={column.kind === "text" || undefined}
              >
                <span className={classes.heading}>{column.name}</span>
                <span className={classes.code}>{column.code || "\u00a0"}</span>
                <span className={classes.code}>{props.totals[index] || "\u00a0"}</span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Spacer height={items[0]?.start ?? 0} span={span} />
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const inside = item.index >= top && item.index <= bottom;
            return (
              <Row
                key={row.place.id}
                row={row}
                index={item.index}
                height={height}
                columns={columns}
                typed={typed.get(row.place.id)}
                refused={props.refused}
                moneyPlaces={props.moneyPlaces}
                beside={props.beside}
                locked={props.locked}
                left={inside ? left : -1}
                right={inside ? right : -1}
                spot={item.index === at.row ? at.column : -1}
                editing={item.index === at.row ? editing : undefined}
                onPick={(column, widen) => {
                  const active = document.activeElement;
                  // Leaving the editor keeps what was typed.
                  if (active instanceof HTMLInputElement && table.current?.contains(active)) active.blur();
                  const to = { row: item.index, column };
                  onRange({ from: widen ? latest.current.from : to, to });
                  table.current?.focus({ preventScroll: true });
                }}
                onEdit={() => edit()}
                onCommit={(text, go) => {
                  commit(text);
                  if (go === "down") move(at.row + 1, at.column);
                  if (go === "up") move(at.row - 1, at.column);
                  if (go === "right")
                    at.column < columns.length - 1 ? move(at.row, at.column + 1) : move(at.row + 1, 0);
                  if (go === "left") move(at.row, at.column - 1);
                }}
                onRevert={() => {
                  setEditing(undefined);
                  table.current?.focus({ preventScroll: true });
                }}
              />
            );
          })}
          <Spacer height={virtual.getTotalSize() - (items.at(-1)?.end ?? 0)} span={span} />
        </tbody>
      </table>
    </section>
  );
}

const widthOf = (column: Column) => (column.kind === "text" ? WORDS_PX : COLUMN_PX);

/** Holds the place of rows that are not drawn. */
function Spacer({ height, span }: { height: number; span: number }) {
  return height > 0 ? (
    <tr aria-hidden="true">
      <td colSpan={span} style={{ height, padding: 0, border: 0 }} />
    </tr>
  ) : null;
}

type Go = "down" | "up" | "right" | "left" | "stay";

interface RowProps {
  row: SheetRow;
  index: number;
  height: number;
  columns: Column[];
  typed: ReadonlyMap<string, string> | undefined;
  refused: ReadonlyMap<string, string>;
  moneyPlaces: number;
  beside: boolean;
  locked: boolean;
  left: number;
  right: number;
  spot: number;
  editing: string | undefined;
  onPick: (column: number, widen: boolean) => void;
  onEdit: () => void;
  onCommit: (text: string, go: Go) => void;
  onRevert: () => void;
}

/** Drawn again only when something of this row changes: the handlers work on the row they were made with. */
const Row = memo(
  function Row(props: RowProps) {
    const { row, columns, typed } = props;
    const { t } = useTranslation("sheets");
    const fixed = props.locked || !row.place.writable;
    return (
      <tr style={{ height: props.height }} aria-rowindex={props.index + 2}>
        <th scope="row" title={row.place.name}>
          <span className={classes.name}>{row.place.name}</span>
          {props.beside && <span className={classes.code}>{row.place.code}</span>}
        </th>
        {columns.map((column, index) => {
          const own = typed?.get(column.key);
          const text = own ?? shown(column.kind, row.values[column.key]);
          const fault: Fault | undefined =
            own === undefined ? undefined : faultOf(column.kind, own, props.moneyPlaces);
          const refused = props.refused.get(`${row.place.id}/${column.key}`);
          return (
            <td
              role="gridcell"
              tabIndex={-1}
              key={column.key}
              id={cellId({ row: props.index, column: index })}
              className={classes.cell}
              aria-selected={index >= props.left && index <= props.right}
              aria-invalid={fault !== undefined || refused !== undefined || undefined}
              aria-readonly={fixed || undefined}
              data-words={column.kind === "text" || undefined}
              data-fixed={fixed || undefined}
              data-typed={own !== undefined || undefined}
              data-spot={props.spot === index || undefined}
              title={fault ? t(`fault.${fault}`) : refused}
              onMouseDown={(event) => {
                if (event.target instanceof HTMLInputElement) return;
                event.preventDefault();
                props.onPick(index, event.shiftKey);
              }}
              onMouseEnter={(event) => {
                if (event.buttons === 1) props.onPick(index, true);
              }}
              onDoubleClick={props.onEdit}
            >
              {text}
              {props.beside && (
                <span className={classes.earlier}>
                  {shown(column.kind, row.earlier[column.key]) || "\u00a0"}
                </span>
              )}
              {props.spot === index && props.editing !== undefined && (
                <Editor
                  label={`${row.place.name} ${column.name}`}
                  text={props.editing}
                  decimal={column.kind !== "text"}
                  onCommit={props.onCommit}
                  onRevert={props.onRevert}
                />
              )}
            </td>
          );
        })}
      </tr>
    );
  },
  (before, after) =>
    before.spot === -1 &&
    after.spot === -1 &&
    before.left === -1 &&
    after.left === -1 &&
    (["row", "index", "height", "columns", "typed", "refused", "beside", "locked"] as const).every(
      (name) => before[name] === after[name],
    ),
);

interface EditorProps {
  label: string;
  text: string;
  decimal: boolean;
  onCommit: (text: string, go: Go) => void;
  onRevert: () => void;
}

function Editor({ label, text, decimal, onCommit, onRevert }: EditorProps) {
  const input = useRef<HTMLInputElement>(null);
  const left = useRef(false);
  useEffect(() => {
    input.current?.focus();
    input.current?.setSelectionRange(input.current.value.length, input.current.value.length);
  }, []);
  const leave = (act: () => void) => {
    if (left.current) return;
    left.current = true;
    act();
  };
  return (
    <input
      ref={input}
      className={classes.editor}
      aria-label={label}
      defaultValue={text}
      inputMode={decimal ? "decimal" : "text"}
      onBlur={(event) => {
        const { value } = event.currentTarget;
        leave(() => onCommit(value, "stay"));
      }}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return;
        const { value } = event.currentTarget;
        const go = (to: Go) => {
          event.preventDefault();
          leave(() => onCommit(value, to));
        };
        if (event.key === "Escape") {
          event.stopPropagation();
          leave(onRevert);
        } else if (event.key === "Enter") go(event.shiftKey ? "up" : "down");
        else if (event.key === "Tab") go(event.shiftKey ? "left" : "right");
        else if (event.key === "ArrowDown") go("down");
        else if (event.key === "ArrowUp") go("up");
      }}
    />
  );
}
