/**
 * The look: warm paper, deep pine, an ember for the one thing that wants attention. Shades are chosen so that
 * text on every surface passes WCAG AA in both schemes.
 */
import { createTheme, type ThemeOverride } from "@/shared/ui/theme";

export const FONT =
  'system-ui, -apple-system, "Segoe UI", "PingFang SC", "Hiragino Sans GB", "Microsoft YaHei UI", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif';

export const theme: ThemeOverride = createTheme({
  primaryColor: "pine",
  primaryShade: { light: 8, dark: 4 },
  autoContrast: true,
  luminanceThreshold: 0.32,
  fontFamily: FONT,
  fontFamilyMonospace: 'ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, monospace',
  defaultRadius: "md",
  radius: { xs: "3px", sm: "5px", md: "8px", lg: "12px", xl: "20px" },
  cursorType: "pointer",
  fontSizes: { xs: "0.75rem", sm: "0.8125rem", md: "0.875rem", lg: "1rem", xl: "1.25rem" },
  headings: {
    fontFamily: FONT,
    fontWeight: "650",
    sizes: {
      h1: { fontSize: "1.5rem", lineHeight: "1.25" },
      h2: { fontSize: "1.125rem", lineHeight: "1.35" },
      h3: { fontSize: "0.9375rem", lineHeight: "1.4" },
    },
  },
  colors: {
    pine: [
      "#eef6f4",
      "#d9eae6",
      "#b3d6ce",
      "#8bc2b6",
      "#66afa1",
      "#479a8b",
      "#338375",
      "#256d62",
      "#1a5a50",
      "#0e443c",
    ],
    ember: [
      "#fdf1ea",
      "#fae0d1",
      "#f4c2a6",
      "#eda079",
      "#e88455",
      "#e27038",
      "#cc5c25",
      "#ad4a1b",
      "#8f3c16",
      "#702e10",
    ],
    gray: [
      "#faf8f5",
      "#f4f1ec",
      "#e9e4dc",
      "#dbd4c9",
      "#c6bdb0",
      "#94897b",
      "#6f665b",
      "#584f46",
      "#393430",
      "#201e1a",
    ],
    dark: [
      "#e4e2dc",
      "#c8c6bf",
      "#a3a29b",
      "#7c7d77",
      "#3c4341",
      "#303634",
      "#242a28",
      "#191e1d",
      "#131716",
      "#0c0f0e",
    ],
  },
});
