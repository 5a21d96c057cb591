/**
 * Lists that the server filters, sorts and pages.
 *
 *   routes:   validateSearch: listSearch   (from "@/shared/grid/search", see there)
 *   page:     <ListView resource="customers" columns={columns} fields={fields} fetch={fetchCustomers}
 *                open={(row) => ({ to: "/customers/$id", params: { id: row.id } })} name={(row) => row.name}
 *                bulk={(selection) => <Button…/>} empty={<EmptyState…/>} views />
 *
 * ListView draws search, filter chips, column chooser, saved views, count, virtual rows, keyboard, inline edit,
 * the bulk bar, and rows as cards on phones. Everything that says what is shown is in the URL (`useListState`).
 * `SimpleTable` is for short lists that come whole (settings, parts of a record).
 */

export { useChipText, useOpLabel } from "./chipText";
export { FilterBar } from "./FilterBar";
export { FilterValue } from "./FilterValue";
export { allOf, isLeaf, partsOf } from "./filters";
export { ListPage } from "./ListPage";
export { ListView, type ListViewProps, type Selection } from "./ListView";
export { namedOptions } from "./named";
export { offered } from "./offered";
export { type Column, SimpleTable } from "./SimpleTable";
export { type ListState, listSearch } from "./search";
export type { CellEdit, Filter, FilterField, GridColumn } from "./types";
export { type FetchPage, useListQuery } from "./useListQuery";
export { type ListControl, useListState } from "./useListState";
