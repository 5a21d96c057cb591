/** What is expected of customers and who is about to leave, as the server tells it. */
import { queryOptions } from "@tanstack/react-query";
import { api, ifMatch, keys, ok, type Schema } from "@/api";

export type LifetimeModel = Schema<"LifetimeModelView">;
export type Quality = Schema<"QualityView">;
export type RelationSpread = Schema<"RelationSpread">;
export type RelationBucket = Schema<"RelationBucket">;
export type Warning = Schema<"WarningView">;
export type WarningStatus = Schema<"WarningStatus">;
export type WarningPatch = Schema<"WarningInputPatch">;
export type WarningReport = Schema<"WarningReport">;

export interface WarningSearch {
  status?: WarningStatus;
}

export const lifetimeQuery = queryOptions({
  queryKey: keys.part("insight", "lifetime", ""),
  queryFn: ({ signal }) => ok(api.GET("/insight/lifetime", { signal })),
});

export const refit = () => ok(api.POST("/insight/lifetime/fits", { body: {} }));

export const relationsQuery = queryOptions({
  queryKey: keys.part("insight", "relations", ""),
  queryFn: ({ signal }) => ok(api.GET("/insight/relations", { signal })),
});

export const warningsQuery = (status: WarningStatus | undefined) =>
  queryOptions({
    queryKey: keys.part("insight", "warnings", "", status),
    queryFn: ({ signal }) => ok(api.GET("/insight/warnings", { params: { query: { status } }, signal })),
  });

export const reportQuery = queryOptions({
  queryKey: keys.part("insight", "warning-report", ""),
  queryFn: ({ signal }) => ok(api.GET("/insight/warnings/report", { signal })),
});

export const readWarning = (id: string) =>
  ok(api.GET("/insight/warnings/{id}", { params: { path: { id } } }));

export const changeWarning = (id: string, version: number, body: WarningPatch) =>
  ok(api.PATCH("/insight/warnings/{id}", { params: { path: { id }, header: ifMatch(version) }, body }));
