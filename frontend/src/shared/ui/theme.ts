import {
  createTheme as create,
  defaultVariantColorsResolver,
  type MantineThemeOverride,
} from "@mantine/core";

export type ThemeOverride = MantineThemeOverride;

/**
 * Mantine chooses the words' colour on filled controls for the light scheme only. Here the primary colour's words
 * follow the scheme, other colours are filled dark enough for white in both, and yellow words are dark enough on yellow.
 */
export function createTheme(theme: MantineThemeOverride): MantineThemeOverride {
  return create({
    ...theme,
    variantColorResolver: (input) => {
      const colors = defaultVariantColorsResolver(input);
      if (input.variant === "light" && input.color === "yellow") {
        return { ...colors, color: "light-dark(#7a4a00, var(--mantine-color-yellow-3))" };
      }
      if (input.variant !== "filled") return colors;
      const color = input.color ?? input.theme.primaryColor;
      if (color === input.theme.primaryColor) {
        return { ...colors, color: "var(--mantine-primary-color-contrast)" };
      }
      if (!(color in input.theme.colors)) return colors;
      return {
        ...colors,
        background: `var(--mantine-color-${color}-8)`,
        hover: `var(--mantine-color-${color}-9)`,
        color: "var(--mantine-color-white)",
      };
    },
  });
}
