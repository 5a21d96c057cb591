/** Shapes every area shares. An area's own shapes live with the area, taken from the contract: `Schema<"Tag">`. */
import type { components } from "./schema.gen";

/** A named schema of the contract. */
export type Schema<K extends keyof components["schemas"]> = components["schemas"][K];

export interface Ref {
  id: string;
  /** Empty when the caller may not see it. */
  name: string;
}

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
  /** Only when asked for with `count=true`. */
  total?: number | null;
  total_capped?: boolean | null;
}

/** Decimal string end to end: never a JavaScript number. */
export interface Money {
  amount: string;
  currency: string;
}

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

export interface Me {
  id: string;
  name: string;
  login: string;
  email?: string | null;
  locale: string;
  unit?: Ref | null;
  department?: Ref | null;
  roles: Ref[];
  permissions: string[];
  company: { name: string; currency: string; time_zone: string };
  preferences: Preferences;
  version: number;
}

export interface Session {
  access_token: string;
  expires_in: number;
  user: Me;
}

export interface Job {
  id: string;
  kind: string;
  status: "queued" | "running" | "done" | "failed" | "cancelled";
  progress?: { done: number; total?: number | null } | null;
  result_url?: string | null;
  error?: { title?: string; detail?: string; code?: string } | null;
  created_by?: Ref | null;
  created_at: string;
  started_at?: string | null;
  finished_at?: string | null;
}

/** The one condition language: filters, segments, rules. */
export type Condition = { all: Condition[] } | { any: Condition[] } | { not: Condition } | ConditionLeaf;

export interface ConditionLeaf {
  field: string;
  op: string;
  value?: unknown;
}
