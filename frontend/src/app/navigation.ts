/**
 * Where one can go. The left navigation, the phone's lower bar, the command palette and the `g x` shortcuts all
 * read this list; an area that lands adds its line here. `needs` is a permission, or a prefix ending in `:`.
 */
import {
  IconAddressBook,
  IconBox,
  IconChartHistogram,
  IconFileImport,
  IconReceipt,
  IconSettings,
  IconSunHigh,
  IconUsersGroup,
  type TablerIcon,
} from "@tabler/icons-react";
import type { LinkProps } from "@tanstack/react-router";

export interface Place {
  key: string;
  to: LinkProps["to"];
  /** Text key in `common`, under `nav`. */
  label: string;
  icon: TablerIcon;
  needs?: string;
  /** Second letter of the `g …` shortcut. */
  go?: string;
  /** Belongs under this place; shown indented in the navigation. */
  under?: string;
}

export const PLACES: Place[] = [
  { key: "today", to: "/", label: "nav.today", icon: IconSunHigh, go: "t" },
  { key: "settings", to: "/settings", label: "nav.settings", icon: IconSettings, go: "," },
];

export const AREA_ICONS = {
  customers: IconAddressBook,
  segments: IconUsersGroup,
  imports: IconFileImport,
  orders: IconReceipt,
  products: IconBox,
  insight: IconChartHistogram,
};
