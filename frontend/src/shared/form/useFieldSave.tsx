/**
 * Saves one field of one record against the version the person saw. When the record moved on meanwhile but this
 * field did not, the change is sent again on top; when this field itself changed, both values are shown.
 */
import { lazy, type ReactNode, Suspense, useCallback, useRef, useState } from "react";
import { ApiProblem } from "@/api/problem";

const ConflictQuestion = lazy(() => import("./ConflictQuestion"));

export interface FieldChange<T, B> {
  label: string;
  /** The merge-patch to send. */
  body: B;
  /** The field as words, to tell whether it changed and to show both versions. */
  words: (row: T) => string;
  /** What the person chose, as words. */
  mine: string;
}

interface Options<T, B> {
  read: (id: string) => Promise<T>;
  patch: (row: T, body: B) => Promise<T>;
  onSaved?: (row: T) => void;
}

export interface Question {
  label: string;
  mine: string;
  theirs: string;
  answer: (keepMine: boolean) => void;
}

export interface FieldSave<T, B> {
  save: (row: T, change: FieldChange<T, B>) => Promise<T>;
  /** Place it once on the page: the question asked on a conflict. */
  dialog: ReactNode;
}

export function useFieldSave<T extends { id: string }, B>(options: Options<T, B>): FieldSave<T, B> {
  const latest = useRef(options);
  latest.current = options;
  const [question, setQuestion] = useState<Question>();

  const save = useCallback(async (row: T, change: FieldChange<T, B>): Promise<T> => {
    const { read, patch, onSaved } = latest.current;
    const settle = async (): Promise<T> => {
      try {
        return await patch(row, change.body);
      } catch (error) {
        if (!(error instanceof ApiProblem) || error.status !== 412) throw error;
      }
      const now = await read(row.id);
      if (change.words(now) === change.words(row)) return patch(now, change.body);
      const keepMine = await new Promise<boolean>((answer) =>
        setQuestion({ label: change.label, mine: change.mine, theirs: change.words(now), answer }),
      );
      setQuestion(undefined);
      return keepMine ? patch(now, change.body) : now;
    };
    const saved = await settle();
    onSaved?.(saved);
    return saved;
  }, []);

  return {
    save,
    dialog: question ? (
      <Suspense>
        <ConflictQuestion question={question} />
      </Suspense>
    ) : null,
  };
}
