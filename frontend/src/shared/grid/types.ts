import type { ReactNode } from "react";
import type { ConditionLeaf } from "@/api/types";

export interface CellEdit<T> {
  kind: "text" | "number" | "select" | "date";
  value: (row: T) => string | null;
  options?: { value: string; label: string }[];
  /** Sends one field; answers with the changed record. Throws ApiProblem. */
  save: (row: T, value: string | null) => Promise<T>;
}

export interface GridColumn<T> {
  id: string;
  header: string;
  cell: (row: T) => ReactNode;
  /** Key of the server's `sort=`; absent when the server can't sort by it. */
  sort?: string;
  align?: "left" | "right";
  /** Pixels; the grid stretches columns in proportion. */
  width?: number;
  /** Not shown until chosen. */
  hidden?: boolean;
  /** The exact definition of a figure, shown on hover of its heading. */
  hint?: string;
  edit?: CellEdit<T>;
  /** On phones rows are cards: which line this column stands in. Default `hide`. */
  phone?: "title" | "meta" | "end" | "hide";
}

export type FieldType =
  | "text"
  | "number"
  | "money"
  | "date"
  | "instant"
  | "bool"
  | "choice"
  | "ref"
  | "tags"
  | (string & {});

/** A field one may filter by; the shape of `/condition-fields`. */
export interface FilterField {
  field: string;
  label: string;
  type: FieldType;
  ops: string[];
  options?: { value: string; label: string }[] | null;
  group?: string | null;
  /** What a `ref` or `set` points at: `user`, `unit`, `tag`, `segment`, `party`, `product`, `brand`, `category`. */
  target?: string | null;
  /** Whether a list can be sorted by it. */
  sortable?: boolean;
}

export type Filter = ConditionLeaf;
