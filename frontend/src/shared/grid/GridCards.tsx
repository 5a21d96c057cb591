import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { Fragment, useEffect, useRef } from "react";
import classes from "./GridCards.module.css";
import type { OpenTarget } from "./ListView";
import type { GridColumn } from "./types";

interface Props<T> {
  label: string;
  rows: T[];
  columns: GridColumn<T>[];
  open?: (row: T) => OpenTarget;
  onOpen?: (row: T) => void;
  onEnd: () => void;
}

const CARD_PX = 66;

/** Rows on a phone: a title, one line below, one figure at the right. */
export function GridCards<T extends { id: string }>({ label, rows, columns, open, onOpen, onEnd }: Props<T>) {
  const navigate = useNavigate();
  const scroller = useRef<HTMLDivElement>(null);
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => CARD_PX,
    overscan: 8,
  });
  const items = virtual.getVirtualItems();
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last >= rows.length - 15) onEnd();
  }, [last, rows.length, onEnd]);

  const titled = columns.filter((column) => column.phone === "title");
  const title = titled.length > 0 ? titled : columns.slice(0, 1);
  const meta = columns.filter((column) => column.phone === "meta");
  const end = columns.filter((column) => column.phone === "end");
  const go = (row: T) => {
    const target = open?.(row);
    if (target) void navigate(target as never);
    else onOpen?.(row);
  };

  return (
    <div ref={scroller} className={classes.scroller}>
      <ul className={classes.list} aria-label={label} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = rows[item.index];
          if (!row) return null;
          return (
            <li
              key={row.id}
              className={classes.card}
              style={{ transform: `translateY(${item.start}px)`, height: CARD_PX }}
            >
              {/* biome-ignore lint/a11y/useKeyWithClickEvents: the title inside is a link or button */}
              {/* biome-ignore lint/a11y/noStaticElementInteractions: a larger target for the same link */}
              <div className={classes.body} onClick={() => go(row)}>
                <div className={classes.words}>
                  <Title row={row} columns={title} onOpen={open ? undefined : onOpen} />
                  <div className={classes.meta}>
                    {meta.map((column) => (
                      <span key={column.id}>{column.cell(row)}</span>
                    ))}
                  </div>
                </div>
                <div className={classes.end}>
                  {end.map((column) => (
                    <div key={column.id}>{column.cell(row)}</div>
                  ))}
                </div>
              </div>
            </li>
          );
        })}
      </ul>
    </div>
  );
}

interface TitleProps<T> {
  row: T;
  columns: GridColumn<T>[];
  /** Set where the row has no link of its own: then the title is the button. */
  onOpen?: (row: T) => void;
}

function Title<T>({ row, columns, onOpen }: TitleProps<T>) {
  const words = columns.map((column) => <Fragment key={column.id}>{column.cell(row)} </Fragment>);
  if (!onOpen) return <div className={classes.title}>{words}</div>;
  return (
    <button
      type="button"
      className={classes.title}
      onClick={(event) => {
        event.stopPropagation();
        onOpen(row);
      }}
    >
      {words}
    </button>
  );
}
