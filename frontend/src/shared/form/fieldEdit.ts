import type { CellEdit } from "../grid/types";
import type { FieldSave } from "./useFieldSave";

interface Field<T, B> extends Omit<CellEdit<T>, "save"> {
  label: string;
  /** The merge-patch that gives the field its new value; null clears it. */
  body: (value: string | null, row: T) => B;
}

/** How one field is edited in place: chosen or typed text, sent as a merge-patch of that field alone. */
export function fieldEdit<T, B>(save: FieldSave<T, B>["save"], field: Field<T, B>): CellEdit<T> {
  const { kind, value, options, label, body } = field;
  const words = (text: string | null) => options?.find((one) => one.value === text)?.label ?? text ?? "";
  return {
    kind,
    value,
    options,
    save: (row, next) =>
      save(row, { label, body: body(next, row), words: (one) => words(value(one)), mine: words(next) }),
  };
}

type Kind = CellEdit<unknown>["kind"];

/** {@link fieldEdit} for the fields of one kind of record, each called by its key. */
export function fieldEdits<K extends string, T, B>(save: FieldSave<T, B>["save"], label: (key: K) => string) {
  return (
    key: K,
    kind: Kind,
    value: (row: T) => string | null,
    body: (value: string | null, row: T) => B,
    options?: { value: string; label: string }[],
  ): CellEdit<T> => fieldEdit(save, { label: label(key), kind, value, body, options });
}
