import { lazy, Suspense, useState } from "react";
import { ApiProblem } from "@/api/problem";
import { Select, TextInput, toast } from "../ui";
import type { CellEdit } from "./types";

const DateField = lazy(() => import("../ui/dates").then((module) => ({ default: module.DateField })));

interface Props<T> {
  edit: CellEdit<T>;
  row: T;
  label: string;
  /** With the changed record, or nothing when reverted. */
  onDone: (row?: T) => void;
}

/** One field of one record: Enter or leaving saves, Esc reverts, a refusal keeps what was typed. */
export function CellEditor<T>({ edit, row, label, onDone }: Props<T>) {
  const before = edit.value(row);
  const [value, setValue] = useState<string | null>(before);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();

  const save = async (next: string | null) => {
    if (busy) return;
    if ((next ?? "") === (before ?? "")) return onDone();
    setBusy(true);
    try {
      onDone(await edit.save(row, next === "" ? null : next));
    } catch (problem) {
      setBusy(false);
      if (!(problem instanceof ApiProblem)) throw problem;
      setError(problem.errors[0]?.detail ?? problem.detail ?? problem.title);
      toast.problem(problem);
    }
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === "Escape") {
      event.stopPropagation();
      onDone();
    } else if (event.key === "Enter" && edit.kind !== "select") {
      event.preventDefault();
      void save(value);
    }
  };
  const common = {
    "aria-label": label,
    size: "xs" as const,
    error: error !== undefined,
    disabled: busy,
    onKeyDown,
  };

  if (edit.kind === "select") {
    return (
      <Select
        {...common}
        autoFocus
        defaultDropdownOpened
        searchable
        clearable
        data={edit.options ?? []}
        value={value}
        onChange={(next) => void save(next)}
        onBlur={() => onDone()}
        comboboxProps={{ width: 220, position: "bottom-start" }}
      />
    );
  }
  if (edit.kind === "date") {
    return (
      <Suspense>
        <DateField {...common} autoFocus value={value} onChange={setValue} onBlur={() => void save(value)} />
      </Suspense>
    );
  }
  return (
    <TextInput
      {...common}
      autoFocus
      inputMode={edit.kind === "number" ? "decimal" : undefined}
      value={value ?? ""}
      onChange={(event) => setValue(event.currentTarget.value)}
      onFocus={(event) => event.currentTarget.select()}
      onBlur={() => void save(value)}
    />
  );
}
