/** Shapes every area shares. An area's own shapes live with the area, taken from the contract: `Schema<"Tag">`. */
import type { components } from "./schema.gen";

/** A named schema of the contract. */
export type Schema<K extends keyof components["schemas"]> = components["schemas"][K];

/** A link to a record; `name` is empty when the caller may not see it. */
export type Ref = Schema<"Ref">;

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
  /** Only when asked for with `count=true`. */
  total?: number | null;
  total_capped?: boolean | null;
}

/** Decimal string end to end: never a JavaScript number. */
export type Money = Schema<"Money">;

export interface Versioned {
  id: string;
  version: number;
  created_at: string;
  updated_at: string;
}

export interface Preferences {
  theme?: "light" | "dark" | "auto";
  shortcuts?: boolean;
  nav_folded?: boolean;
  [key: string]: unknown;
}

export type Me = Omit<Schema<"Me">, "preferences"> & { preferences: Preferences };

export type Session = Omit<Schema<"SessionView">, "user"> & { user: Me };

export type Job = Schema<"JobView">;

/** The one condition language: filters, segments, rules. */
export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | ConditionLeaf;

export interface ConditionLeaf {
  field: string;
  op: string;
  value?: unknown;
}
