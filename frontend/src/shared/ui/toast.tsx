/**
 * Short messages at the lower edge, spoken politely. `toast.undo` is how reversible things are confirmed:
 * done at once, taken back with one press (or Z while it shows).
 */
import { Button, CloseButton } from "@mantine/core";
import { useEffect, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import { problemText } from "./States";
import classes from "./toast.module.css";

interface Toast {
  id: number;
  text?: string;
  problem?: unknown;
  tone: "plain" | "error";
  action?: { label: string; run: () => void };
}

const SHOWN_MS = 6_000;
let toasts: Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(list: Toast[]) {
  toasts = list;
  for (const listener of listeners) listener();
}

function dismiss(id: number) {
  set(toasts.filter((one) => one.id !== id));
}

function show(one: Omit<Toast, "id">) {
  const id = next++;
  set([...toasts.slice(-2), { ...one, id }]);
  setTimeout(() => dismiss(id), one.tone === "error" ? SHOWN_MS * 2 : SHOWN_MS);
}

export const toast = {
  done: (text: string) => show({ text, tone: "plain" }),
  /** Shows the server's words for a failed call. */
  problem: (problem: unknown) => show({ problem, tone: "error" }),
  undo: (text: string, label: string, run: () => void) =>
    show({ text, tone: "plain", action: { label, run } }),
  /** A message with a link-like action, e.g. "Export is ready · Open". */
  action: (text: string, label: string, run: () => void) =>
    show({ text, tone: "plain", action: { label, run } }),
};

export function Toasts() {
  const { t } = useTranslation();
  const list = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => {
        listeners.delete(listener);
      };
    },
    () => toasts,
  );
  useEffect(() => () => set([]), []);
  return (
    <div className={classes.stack} role="status" aria-live="polite">
      {list.map((one) => (
        <div key={one.id} className={classes.toast} data-tone={one.tone}>
          <span>{one.text ?? problemText(one.problem, t)}</span>
          {one.action && (
            <Button
              size="compact-sm"
              variant="transparent"
              className={classes.action}
              onClick={() => {
                one.action?.run();
                dismiss(one.id);
              }}
            >
              {one.action.label}
            </Button>
          )}
          <CloseButton
            size="sm"
            variant="transparent"
            className={classes.close}
            aria-label={t("action.close")}
            onClick={() => dismiss(one.id)}
          />
        </div>
      ))}
    </div>
  );
}
