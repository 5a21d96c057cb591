import { useCallback, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { safeParse } from "zod/mini";
import type { $ZodType } from "zod/v4/core";
import { ApiProblem } from "@/api/problem";
import { type FormState, useForm } from "../ui/form";
import { pointerToPath } from "./pointer";

interface Options<V extends Record<string, unknown>, R> {
  initial: V;
  schema?: $ZodType;
  /** The version the person is looking at; absent when creating. */
  version?: number;
  /** Sends the values. Throws ApiProblem. */
  save: (values: V, version: number) => Promise<R>;
  onSaved?: (result: R) => void;
  /** Reads the record again after a 412, so that both versions can be shown. */
  reload?: () => Promise<{ values: V; version: number }>;
}

export interface ServerForm<V extends Record<string, unknown> = Record<string, unknown>> {
  values: V;
  state: FormState<V>;
  /** Props for an input: value, onChange, error. */
  field: FormState<V>["getInputProps"];
  set: FormState<V>["setFieldValue"];
  submit: () => Promise<void>;
  busy: boolean;
  dirty: boolean;
  /** What the server refused and no field could show. */
  problem: ApiProblem | undefined;
  conflict: { mine: V; theirs: V } | undefined;
  /** After a conflict: keep mine on top of the latest version. */
  keepMine: () => Promise<void>;
  /** After a conflict: drop my changes. */
  takeTheirs: () => void;
}

export function useServerForm<V extends Record<string, unknown>, R>(options: Options<V, R>): ServerForm<V> {
  const { t } = useTranslation();
  const latest = useRef(options);
  latest.current = options;
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem>();
  const [conflict, setConflict] = useState<{ mine: V; theirs: V; version: number }>();

  const state = useForm<V>({
    initialValues: options.initial,
    validate: (values) => schemaErrors(latest.current.schema, values, (key) => t(`common:${key}`)),
  });
  const stateRef = useRef(state);
  stateRef.current = state;
  // From the first change on it is this version that the person saw, whatever a refetch brings meanwhile.
  const dirty = state.isDirty();
  const seen = useRef(options.version);
  if (!dirty) seen.current = options.version;

  const send = useCallback(async (version: number) => {
    const { save, reload, onSaved } = latest.current;
    const form = stateRef.current;
    const values = form.getValues();
    setBusy(true);
    setProblem(undefined);
    try {
      const result = await save(values, version);
      form.resetDirty(values);
      onSaved?.(result);
    } catch (error) {
      const failed = error instanceof ApiProblem ? error : undefined;
      if (!failed) throw error;
      if (failed.status === 412 && reload) {
        const now = await reload();
        setConflict({ mine: values, theirs: now.values, version: now.version });
      } else {
        setProblem(placeErrors(form, failed));
      }
    } finally {
      setBusy(false);
    }
  }, []);

  const submit = useCallback(async () => {
    const form = stateRef.current;
    if (form.validate().hasErrors) {
      focusFirstError();
      return;
    }
    await send(seen.current ?? 0);
  }, [send]);

  const keepMine = useCallback(async () => {
    if (!conflict) return;
    setConflict(undefined);
    await send(conflict.version);
  }, [conflict, send]);

  const takeTheirs = useCallback(() => {
    if (!conflict) return;
    stateRef.current.setValues(conflict.theirs as Partial<V>);
    stateRef.current.resetDirty(conflict.theirs);
    setConflict(undefined);
  }, [conflict]);

  return useMemo(
    () => ({
      values: state.values,
      state,
      field: state.getInputProps,
      set: state.setFieldValue,
      submit,
      busy,
      dirty,
      problem,
      conflict,
      keepMine,
      takeTheirs,
    }),
    [state, submit, busy, dirty, problem, conflict, keepMine, takeTheirs],
  );
}

function schemaErrors(schema: $ZodType | undefined, values: unknown, say: (key: string) => string) {
  if (!schema) return {};
  const result = safeParse(schema, values);
  if (result.success) return {};
  const errors: Record<string, string> = {};
  for (const issue of result.error.issues) {
    const path = issue.path.map(String).join(".");
    errors[path] ??= say(issue.message.startsWith("form.") ? issue.message : "form.invalid");
  }
  return errors;
}

/** Puts field errors at their fields; returns the problem when something is left that no field can show. */
function placeErrors<V extends Record<string, unknown>>(form: FormState<V>, failed: ApiProblem) {
  const known = new Set(Object.keys(form.getValues()));
  const placed: Record<string, string> = {};
  const left = failed.errors.filter((one) => {
    const path = pointerToPath(one.pointer);
    if (!known.has(path.split(".")[0] ?? "")) return true;
    placed[path] ??= one.detail;
    return false;
  });
  if (Object.keys(placed).length > 0) {
    form.setErrors(placed as never);
    focusFirstError();
  }
  return left.length > 0 || failed.errors.length === 0 ? failed : undefined;
}

function focusFirstError() {
  requestAnimationFrame(() => {
    document.querySelector<HTMLElement>("form [aria-invalid=true], form [data-error=true]")?.focus();
  });
}

/** The fields that differ, for a merge-patch: nothing else is sent, so others' edits to other fields survive. */
export function changed<V extends Record<string, unknown>>(before: V, after: V): Partial<V> {
  const out: Partial<V> = {};
  for (const key of Object.keys(after) as (keyof V)[]) {
    if (JSON.stringify(before[key]) !== JSON.stringify(after[key])) out[key] = after[key];
  }
  return out;
}
