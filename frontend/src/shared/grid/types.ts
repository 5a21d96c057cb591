import type { ReactNode } from "react";
import type { ConditionLeaf, Schema } from "@/api/types";

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

/** A field one may filter by, as `/condition-fields` tells of it. */
export type FilterField = Pick<Schema<"ConditionField">, "field" | "label" | "type" | "ops" | "options"> &
  Partial<Pick<Schema<"ConditionField">, "group" | "target" | "sortable">>;

export type Filter = ConditionLeaf;
