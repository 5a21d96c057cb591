/** What the contract says of imports, under the names used here. */
import type { Schema } from "@/api";

export type Resource = Schema<"ImportResource">;
export const RESOURCES = [
  "customers",
  "contacts",
  "products",
  "orders",
  "assets",
  "consents",
  "preferences",
  "facts",
  "trainings",
  "opportunities",
  "sellout",
] as const satisfies Resource[];

export type ImportStatus = Schema<"ImportStatus">;
export type Format = Schema<"FileFormat">;
export type Column = Schema<"ColumnView">;
export type Mapping = Schema<"Mapping">;
export type Counts = Schema<"ImportCounts">;
export type Import = Schema<"ImportView">;
export type Target = Schema<"TargetView">;
export type RowOutcome = Schema<"RowView">;
export type SavedMapping = Schema<"SavedMappingView">;
