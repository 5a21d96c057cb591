export { createTheme, type MantineThemeOverride as ThemeOverride } from "@mantine/core";
