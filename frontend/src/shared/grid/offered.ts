import type { FilterField, GridColumn } from "./types";

/** The columns as this person gets them: sorted by what the server can sort by, edited only by who may. */
export function offered<T>(
  columns: GridColumn<T>[],
  fields: FilterField[],
  mayEdit = false,
): GridColumn<T>[] {
  const sortable = new Set(fields.filter((one) => one.sortable).map((one) => one.field));
  return columns.map((column) => ({
    ...column,
    sort: column.sort && sortable.has(column.sort) ? column.sort : undefined,
    edit: mayEdit ? column.edit : undefined,
  }));
}
