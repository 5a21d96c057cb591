/**
 * Where one can go. The left navigation, the phone's lower bar, the command palette and the `g x` shortcuts all
 * read this list; an area that lands adds its line here. `needs` is a permission, or a prefix ending in `:`.
 */
import {
  IconAddressBook,
  IconArrowsExchange,
  IconBellRinging,
  IconBox,
  IconCalendarMonth,
  IconChartHistogram,
  IconChartPie,
  IconChecklist,
  IconCopyCheck,
  IconCrystalBall,
  IconDeviceLaptop,
  IconFileImport,
  IconHeart,
  IconReceipt,
  IconRosetteDiscountCheck,
  IconSettings,
  IconSnowflake,
  IconSunHigh,
  IconTablePlus,
  IconTarget,
  IconTargetArrow,
  IconTrendingUp,
  IconTriangle,
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
  {
    key: "tasks",
    to: "/tasks",
    label: "nav.tasks",
    icon: IconChecklist,
    under: "today",
    go: "k",
    needs: "activities:task:read",
  },
  {
    key: "calendar",
    to: "/calendar",
    label: "nav.calendar",
    icon: IconCalendarMonth,
    under: "today",
    go: "l",
    needs: "activities:task:read",
  },
  {
    key: "customers",
    to: "/customers",
    label: "nav.customers",
    icon: IconAddressBook,
    go: "c",
    needs: "customers:customer:read",
  },
  {
    key: "assets",
    to: "/assets",
    label: "nav.assets",
    icon: IconDeviceLaptop,
    under: "customers",
    needs: "customers:customer:read",
  },
  {
    key: "wishes",
    to: "/wishes",
    label: "nav.wishes",
    icon: IconHeart,
    under: "customers",
    needs: "customers:customer:read",
  },
  {
    key: "segments",
    to: "/segments",
    label: "nav.segments",
    icon: IconUsersGroup,
    under: "customers",
    go: "s",
    needs: "engage:segment:read",
  },
  {
    key: "duplicates",
    to: "/duplicates",
    label: "nav.duplicates",
    icon: IconCopyCheck,
    under: "customers",
    go: "d",
    needs: "customers:customer:merge",
  },
  {
    key: "qualifications",
    to: "/qualifications",
    label: "nav.qualifications",
    icon: IconRosetteDiscountCheck,
    under: "customers",
    needs: "customers:customer:read",
  },
  {
    key: "imports",
    to: "/imports",
    label: "nav.imports",
    icon: IconFileImport,
    under: "customers",
    needs: "platform:import:run",
  },
  {
    key: "sales",
    to: "/sales",
    label: "nav.sales",
    icon: IconTargetArrow,
    go: "l",
    needs: "sales:opportunity:read",
  },
  {
    key: "orders",
    to: "/orders",
    label: "nav.orders",
    icon: IconReceipt,
    go: "o",
    needs: "sales:order:read",
  },
  {
    key: "products",
    to: "/products",
    label: "nav.products",
    icon: IconBox,
    under: "orders",
    go: "p",
    needs: "catalog:product:read",
  },
  {
    key: "targets",
    to: "/targets",
    label: "nav.targets",
    icon: IconTarget,
    under: "orders",
    needs: "insight:metric:read",
  },
  {
    key: "insight",
    to: "/insight",
    label: "nav.insight",
    icon: IconChartHistogram,
    go: "i",
    needs: "insight:metric:read",
  },
  {
    key: "next",
    to: "/insight/actions",
    label: "nav.next",
    icon: IconChecklist,
    under: "insight",
    needs: "insight:metric:read",
  },
  {
    key: "pivots",
    to: "/pivots",
    label: "nav.pivots",
    icon: IconTablePlus,
    under: "insight",
    needs: "insight:metric:read",
  },
  {
    key: "lifetime",
    to: "/insight/lifetime",
    label: "nav.lifetime",
    icon: IconCrystalBall,
    under: "insight",
    needs: "insight:metric:read",
  },
  {
    key: "relations",
    to: "/insight/relations",
    label: "nav.relations",
    icon: IconArrowsExchange,
    under: "insight",
    needs: "insight:metric:read",
  },
  {
    key: "warnings",
    to: "/insight/warnings",
    label: "nav.warnings",
    icon: IconBellRinging,
    under: "insight",
    go: "w",
    needs: "insight:metric:read",
  },
  {
    key: "seasonality",
    to: "/insight/seasonality",
    label: "nav.seasonality",
    icon: IconSnowflake,
    under: "insight",
    needs: "insight:metric:read",
  },
  {
    key: "composition",
    to: "/insight/composition",
    label: "nav.composition",
    icon: IconChartPie,
    under: "insight",
    needs: "insight:metric:read",
  },
  {
    key: "cohorts",
    to: "/insight/cohorts",
    label: "nav.cohorts",
    icon: IconTriangle,
    under: "insight",
    needs: "insight:metric:read",
  },
  {
    key: "growth",
    to: "/insight/growth",
    label: "nav.growth",
    icon: IconTrendingUp,
    under: "insight",
    needs: "insight:metric:read",
  },
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
