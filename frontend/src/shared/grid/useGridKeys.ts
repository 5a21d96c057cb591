import { type KeyboardEvent, type RefObject, useEffect, useRef, useState } from "react";

/** Where the one tab stop of the grid is. */
export interface Spot {
  row: number;
  column: number;
}

interface Options {
  rows: number;
  columns: number;
  scroller: RefObject<HTMLDivElement | null>;
  rowHeight: number;
  scrollTo: (row: number) => void;
  canEdit: (column: number) => boolean;
  onOpen: (row: number) => void;
  onTick?: (row: number, range: boolean) => void;
}

/** Arrows, page keys, Home and End move; Enter edits or opens; Space ticks. Rests while a cell is edited. */
export function useGridKeys(options: Options) {
  const [spot, setSpot] = useState<Spot>({ row: 0, column: 0 });
  const [editing, setEditing] = useState(false);
  const focusNext = useRef(false);
  const { scroller } = options;

  // A cell that was scrolled to exists only after the virtual rows are drawn.
  useEffect(() => {
    if (!focusNext.current || editing) return;
    const cell = scroller.current?.querySelector<HTMLElement>(`[data-spot="${spot.row}:${spot.column}"]`);
    if (!cell) return;
    focusNext.current = false;
    cell.focus({ preventScroll: true });
  });

  const move = (next: Spot) => {
    const row = Math.max(0, Math.min(options.rows - 1, next.row));
    const column = Math.max(0, Math.min(options.columns - 1, next.column));
    options.scrollTo(row);
    focusNext.current = true;
    setSpot({ row, column });
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (editing || event.nativeEvent.isComposing || !(event.target as HTMLElement).dataset.spot) return;
    const { row, column } = spot;
    const page = Math.max(1, Math.floor((scroller.current?.clientHeight ?? 400) / options.rowHeight) - 2);
    const steps: Record<string, Spot> = {
      ArrowDown: { row: row + 1, column },
      ArrowUp: { row: row - 1, column },
      ArrowLeft: { row, column: column - 1 },
      ArrowRight: { row, column: column + 1 },
      PageDown: { row: row + page, column },
      PageUp: { row: row - page, column },
      Home: { row: event.ctrlKey ? 0 : row, column: 0 },
      End: { row: event.ctrlKey ? options.rows - 1 : row, column: options.columns - 1 },
    };
    const step = steps[event.key];
    if (step) move(step);
    else if (event.key === "Enter" && options.canEdit(column)) setEditing(true);
    else if (event.key === "Enter") options.onOpen(row);
    else if (event.key === " " && options.onTick) options.onTick(row, event.shiftKey);
    else return;
    event.preventDefault();
  };

  return {
    spot,
    setSpot,
    editing,
    edit: () => setEditing(true),
    stopEditing: () => {
      setEditing(false);
      focusNext.current = true;
    },
    onKeyDown,
  };
}
