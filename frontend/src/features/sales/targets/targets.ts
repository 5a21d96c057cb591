/** Sales targets as the contract tells them, read and changed; and how a pasted sheet is read. */
import { queryOptions } from "@tanstack/react-query";
import { api, idempotencyKey, ifMatch, keys, ok, type Schema, type Versioned } from "@/api";
import { readDecimal } from "@/shared/format/decimal";

export type Target = Schema<"SalesTargetView">;
export type TargetKind = Schema<"SalesTargetKind">;
export type TargetSplit = Schema<"TargetSplit">;
export type TargetImport = Schema<"TargetImport">;

export const KINDS = ["unit", "user", "product", "customer"] as const satisfies TargetKind[];
export const SPLITS = ["seasonal", "even", "hand"] as const satisfies TargetSplit[];

export const targetsQuery = (year: number) =>
  queryOptions({
    queryKey: keys.list("targets", { year }),
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/targets", { params: { query: { year } }, signal }))).items,
  });

export const addTarget = (body: Schema<"TargetInput">, header = idempotencyKey()) =>
  ok(api.POST("/targets", { params: { header }, body }));

export const patchTarget = (row: Versioned, body: Schema<"TargetInputPatch">) =>
  ok(api.PATCH("/targets/{id}", { params: { path: { id: row.id }, header: ifMatch(row.version) }, body }));

export const deleteTarget = (row: Versioned) =>
  ok(api.DELETE("/targets/{id}", { params: { path: { id: row.id }, header: ifMatch(row.version) } }));

export const importTargets = (body: TargetImport) => ok(api.POST("/targets/imports", { body }));

/** The lines of a sheet: a code, then one amount or twelve. Empty lines fall out. */
export function sheetRows(text: string, currency: string): TargetImport["rows"] {
  return text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [code = "", ...cells] = line.split("\t").map((cell) => cell.trim());
      const amounts = cells.filter((cell) => cell !== "");
      return { code, amounts: amounts.map((cell) => ({ amount: readDecimal(cell) ?? cell, currency })) };
    });
}
