/** What a person chose of the app itself. The server keeps it as free JSON, so it is read with care. */
import type { Me } from "@/api/types";

export const THEMES = ["auto", "light", "dark"] as const;

export interface Preferences {
  theme?: (typeof THEMES)[number];
  shortcuts?: boolean;
}

export function preferencesOf(me: Me | undefined): Preferences {
  const { theme, shortcuts } = me?.preferences ?? {};
  return {
    theme: THEMES.find((one) => one === theme),
    shortcuts: typeof shortcuts === "boolean" ? shortcuts : undefined,
  };
}
