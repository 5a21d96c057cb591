import { type CSSVariablesResolver, MantineProvider } from "@mantine/core";
import type { ReactNode } from "react";
import type { ThemeOverride } from "./theme";
import "./styles.css";

/** Names for what surfaces are for, so that no component chooses a grey by number. */
const surfaces: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    "--mantine-color-body": "#faf8f5",
    "--mantine-color-text": "#201e1a",
    "--mantine-color-dimmed": "#6b6258",
    "--mantine-color-placeholder": "#776d61",
    "--mantine-color-error": "#b02a1c",
    "--rgl-surface": "#ffffff",
    "--rgl-sunken": "#f1ede7",
    "--rgl-hover": "#f6f3ee",
    "--rgl-line": "#e6e0d7",
    "--rgl-line-strong": "#d3cbbf",
    "--rgl-nav": "#12332f",
    "--rgl-nav-text": "#d5e3df",
    "--rgl-nav-dim": "#9fb8b2",
    "--rgl-nav-strong": "#ffffff",
    "--rgl-nav-active": "rgb(255 255 255 / 10%)",
    "--rgl-accent-text": "#9a431a",
    "--rgl-accent-soft": "#fbebe1",
    "--rgl-accent": "#e27038",
    "--rgl-selected": "#e9f3f0",
  },
  dark: {
    "--mantine-color-body": "#151a19",
    "--mantine-color-text": "#e4e2dc",
    "--mantine-color-dimmed": "#a5a49c",
    "--mantine-color-placeholder": "#8f8f88",
    "--mantine-color-error": "#ff9382",
    "--rgl-surface": "#1c2221",
    "--rgl-sunken": "#111514",
    "--rgl-hover": "#232a28",
    "--rgl-line": "#2d3533",
    "--rgl-line-strong": "#434c49",
    "--rgl-nav": "#0e1312",
    "--rgl-nav-text": "#c3cfcb",
    "--rgl-nav-dim": "#8d9b97",
    "--rgl-nav-strong": "#ffffff",
    "--rgl-nav-active": "rgb(255 255 255 / 8%)",
    "--rgl-accent-text": "#f2ab83",
    "--rgl-accent-soft": "#3a261b",
    "--rgl-accent": "#e88455",
    "--rgl-selected": "#1d322e",
  },
});

export function UiProvider({ theme, children }: { theme: ThemeOverride; children: ReactNode }) {
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" cssVariablesResolver={surfaces}>
      {children}
    </MantineProvider>
  );
}
