/** Imports as the API answers them. */
import type { Page, Versioned } from "@/api";

export const RESOURCES = ["customers", "contacts", "products", "orders"] as const;
export type Resource = (typeof RESOURCES)[number];

export type ImportStatus =
  | "uploaded"
  | "checking"
  | "checked"
  | "running"
  | "done"
  | "failed"
  | "cancelled"
  | "undoing"
  | "undone";

export interface Format {
  kind: "csv" | "xlsx";
  encoding: string;
  delimiter: string;
  sheet?: string | null;
  header_row: boolean;
}

export interface Column {
  index: number;
  name: string;
  samples: string[];
  suggested_target?: string | null;
}

export interface Mapping {
  columns: { index: number; target: string | null }[];
  /** The target rows are recognised by; null: every row is new. */
  key: string | null;
  options: {
    date_format?: "ymd" | "dmy" | "mdy";
    decimal?: "point" | "comma";
    default_owner_id?: string | null;
    default_unit_id?: string | null;
    create_missing_products?: boolean;
    create_missing_customers?: boolean;
  };
}

export interface Counts {
  rows: number;
  create: number;
  update: number;
  unchanged: number;
  reject: number;
  done: number;
  /** After an undo: records left alone because somebody changed them since. */
  kept?: number;
}

export interface Import extends Versioned {
  resource: Resource;
  file_name: string;
  size: number;
  status: ImportStatus;
  format: Format;
  sheets?: string[] | null;
  columns: Column[];
  mapping: Mapping;
  counts: Counts;
  job_id?: string | null;
}

export interface Target {
  /** What a mapping names it by. */
  target: string;
  label: string;
  kind: string;
  /** Rows can be recognised by it. */
  unique: boolean;
  repeatable: boolean;
}

export interface RowOutcome {
  row: number;
  outcome: "create" | "update" | "unchanged" | "reject";
  key?: string | null;
  changes: { field: string; before: unknown; after: unknown }[];
  errors: { column?: string | null; code: string; detail: string }[];
}

export type Rows = Page<RowOutcome>;

export interface SavedMapping extends Versioned {
  name: string;
  resource: Resource;
  mapping: Mapping;
  /** Headings of the file it was made for, when the server keeps them. */
  headings?: string[] | null;
}
