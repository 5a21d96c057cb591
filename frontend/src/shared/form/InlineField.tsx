import { IconPencil } from "@tabler/icons-react";
import { type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { CellEditor } from "../grid/LazyCellEditor";
import type { CellEdit } from "../grid/types";
import { VisuallyHidden } from "../ui";
import classes from "./InlineField.module.css";

interface Props<T> {
  label: string;
  row: T;
  /** Absent when the person may not change it, or it is changed elsewhere. */
  edit?: CellEdit<T>;
  /** What stands below the value and is pressed by itself. */
  aside?: ReactNode;
  children: ReactNode;
}

/** One fact of a record: its name, its value, and — pressed — a field that saves on Enter and reverts on Esc. */
export function InlineField<T>({ label, row, edit, aside, children }: Props<T>) {
  const { t } = useTranslation();
  const [editing, setEditing] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const done = () => {
    setEditing(false);
    requestAnimationFrame(() => button.current?.focus());
  };
  return (
    <div className={classes.row}>
      <dt className={classes.label}>{label}</dt>
      <dd className={classes.value}>
        {editing && edit ? (
          <CellEditor edit={edit} row={row} label={label} onDone={done} meanwhile={children} />
        ) : edit ? (
          <button ref={button} type="button" className={classes.button} onClick={() => setEditing(true)}>
            <VisuallyHidden>{`${t("common:action.edit")} ${label} `}</VisuallyHidden>
            <span className={classes.text}>{children || <span className={classes.none}>–</span>}</span>
            <IconPencil size={14} className={classes.pencil} aria-hidden="true" />
          </button>
        ) : (
          <span className={classes.plain}>{children || <span className={classes.none}>–</span>}</span>
        )}
        {aside}
      </dd>
    </div>
  );
}

/** The list such facts stand in. */
export function Facts({ children }: { children: ReactNode }) {
  return <dl className={classes.facts}>{children}</dl>;
}
