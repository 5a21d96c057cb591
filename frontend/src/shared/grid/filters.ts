import type { Condition, ConditionLeaf } from "@/api/types";
import type { FilterField } from "./types";

export const isLeaf = (condition: Condition): condition is ConditionLeaf => "field" in condition;

/** The parts of a top-level `all`; anything else is one part. */
export function partsOf(condition: Condition | undefined): Condition[] {
  if (!condition) return [];
  return "all" in condition ? condition.all : [condition];
}

export function allOf(parts: Condition[]): Condition | undefined {
  if (parts.length === 0) return undefined;
  return parts.length === 1 ? parts[0] : { all: parts };
}

/** The value of `bought` and `not_bought`: which products, brands or categories, within how many days. */
export interface Bought {
  ids: string[];
  days?: number;
}

export const LISTS = new Set(["in", "any_of", "all_of", "none_of"]);
export const BOUGHT = new Set(["bought", "not_bought"]);
const DAYS = new Set(["within_days_ago", "more_than_days_ago", "in_next_days"]);

/** What kind of value an operator takes. */
export function shapeOf(op: string): "list" | "pair" | "days" | "bought" | "one" {
  if (LISTS.has(op)) return "list";
  if (BOUGHT.has(op)) return "bought";
  return op === "between" ? "pair" : DAYS.has(op) ? "days" : "one";
}

export const NUMERIC = new Set(["number", "integer", "money"]);

/** Lists that the values of conditions on other records come from. */
export type RefSource =
  | "people"
  | "products"
  | "categories"
  | "brands"
  | "customers"
  | "units"
  | "tags"
  | "segments";

const SOURCES: Record<string, RefSource> = {
  user: "people",
  owner: "people",
  unit: "units",
  tag: "tags",
  tags: "tags",
  segment: "segments",
  segments: "segments",
  party: "customers",
  customer: "customers",
  product: "products",
  category: "categories",
  brand: "brands",
};

/** Where the values of a field are found, by what it points at or by its name (`owner_id`, `orders.product`). */
export function sourceOf(field: {
  field: string;
  type?: string;
  target?: string | null;
}): RefSource | undefined {
  if (field.type && !["ref", "set", "purchase"].includes(field.type)) return undefined;
  return SOURCES[field.target ?? (field.field.split(".").at(-1) ?? "").replace(/_id$/, "")];
}

/** Fields under the headings the server gives them, where it gives more than one. */
export function grouped(fields: FilterField[], say: (group: string) => string) {
  const groups = new Map<string, { value: string; label: string }[]>();
  for (const one of fields) {
    const group = one.group ?? "";
    groups.set(group, [...(groups.get(group) ?? []), { value: one.field, label: one.label }]);
  }
  return groups.size > 1
    ? [...groups].map(([group, items]) => ({ group: say(group), items }))
    : [...groups.values()].flat();
}
