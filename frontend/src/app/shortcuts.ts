/**
 * Keyboard shortcuts, one listener for the whole app. They rest while the person types, composes with an input
 * method, or has switched them off; ⌘K and Ctrl+Enter work from inside fields too.
 */
import { useEffect, useRef } from "react";
import { session } from "@/api/session";
import { preferencesOf } from "./preferences";

/** `mod+k`, `?`, `n`, or a sequence such as `g c`. */
export type Shortcuts = Record<string, () => void>;

const SEQUENCE_MS = 1_200;

const typing = (target: EventTarget | null) =>
  target instanceof HTMLElement &&
  (target.isContentEditable ||
    /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) ||
    target.closest("[role=listbox],[role=menu]") !== null);

export function describeKey(event: KeyboardEvent): string {
  const mod = event.metaKey || event.ctrlKey ? "mod+" : "";
  return `${mod}${event.key.length === 1 ? event.key.toLowerCase() : event.key}`;
}

export function useShortcuts(shortcuts: Shortcuts) {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    let prefix = "";
    let timer: ReturnType<typeof setTimeout> | undefined;
    const listen = (event: KeyboardEvent) => {
      if (event.isComposing || event.defaultPrevented || event.altKey) return;
      const key = describeKey(event);
      const withMod = key.startsWith("mod+");
      if (!withMod && (typing(event.target) || preferencesOf(session.me()).shortcuts === false)) return;
      if (!withMod && document.querySelector("[role=dialog]")) return;
      const run = latest.current[prefix ? `${prefix} ${key}` : key];
      clearTimeout(timer);
      prefix = "";
      if (run) {
        event.preventDefault();
        run();
      } else if (Object.keys(latest.current).some((one) => one.startsWith(`${key} `))) {
        prefix = key;
        timer = setTimeout(() => {
          prefix = "";
        }, SEQUENCE_MS);
      }
    };
    window.addEventListener("keydown", listen);
    return () => {
      clearTimeout(timer);
      window.removeEventListener("keydown", listen);
    };
  }, []);
}

/** `⌘` on Apple keyboards, `Ctrl` elsewhere. */
export const MOD = /Mac|iPhone|iPad/.test(navigator.platform) ? "⌘" : "Ctrl";
