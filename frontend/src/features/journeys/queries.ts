import { queryOptions } from "@tanstack/react-query";
import { api, type Condition, idempotencyKey, ifMatch, keys, ok, type Schema, type Versioned } from "@/api";

export type Journey = Schema<"JourneyView">;
export type JourneyInput = Schema<"JourneyInput">;
export type JourneyStep = Schema<"StepInput">;
export type Run = Schema<"RunView">;
export type Station = Schema<"StationView">;

export const JOURNEYS = "journeys";

export const journeysQuery = queryOptions({
  queryKey: keys.list(JOURNEYS),
  queryFn: async ({ signal }) => (await ok(api.GET("/journeys", { signal }))).items,
  staleTime: 60_000,
});

/** The templates that come with the product. */
export const presetsQuery = queryOptions({
  queryKey: keys.list(JOURNEYS, "presets"),
  queryFn: async ({ signal }) => (await ok(api.GET("/journey-presets", { signal }))).items,
  staleTime: Number.POSITIVE_INFINITY,
});

export const readJourney = (id: string) => ok(api.GET("/journeys/{id}", { params: { path: { id } } }));

export const addJourney = (body: JourneyInput, header = idempotencyKey()) =>
  ok(api.POST("/journeys", { params: { header }, body }));

export const patchJourney = (id: string, version: number, body: Schema<"JourneyInputPatch">) =>
  ok(api.PATCH("/journeys/{id}", { params: { path: { id }, header: ifMatch(version) }, body }));

export const deleteJourney = (row: Versioned) =>
  ok(api.DELETE("/journeys/{id}", { params: { path: { id: row.id }, header: ifMatch(row.version) } }));

export const reportQuery = (id: string) =>
  queryOptions({
    queryKey: keys.part(JOURNEYS, id, "report"),
    queryFn: ({ signal }) => ok(api.GET("/journeys/{id}/report", { params: { path: { id } }, signal })),
  });

/** The journeys with one customer, the newest first; read anew with the customer. */
export const runsQuery = (customer: string) =>
  queryOptions({
    queryKey: keys.part("customers", customer, "journeys"),
    queryFn: async ({ signal }) => {
      const about: Condition = { field: "customer", op: "eq", value: customer };
      const query = { filter: JSON.stringify(about), sort: "-created_at", limit: 50 };
      return (await ok(api.GET("/journey-runs", { params: { query }, signal }))).items;
    },
  });

export const startRun = (body: Schema<"RunInput">, header = idempotencyKey()) =>
  ok(api.POST("/journey-runs", { params: { header }, body }));

export const stopRun = (id: string, reason: string) =>
  ok(api.POST("/journey-runs/{id}/stop", { params: { path: { id } }, body: { reason } }));

export const completeStation = (id: string, note?: string) =>
  ok(api.POST("/journey-stations/{id}/completion", { params: { path: { id } }, body: note ? { note } : {} }));

export const skipStation = (id: string, reason: string) =>
  ok(api.POST("/journey-stations/{id}/skip", { params: { path: { id } }, body: { reason } }));

/** Takes up again what was ended by mistake: its task, and with it the station. */
export const takeUpStation = (task: string) =>
  ok(api.POST("/tasks/{id}/reopening", { params: { path: { id: task } } }));
