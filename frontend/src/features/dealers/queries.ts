/** Dealers and what their people learnt, as the contract tells them, read and changed. */
import { api, idempotencyKey, ifMatch, keys, type ListParams, ok, type Schema, type Versioned } from "@/api";

export type Dealer = Schema<"DealerView">;
export type Training = Schema<"TrainingView">;
export type TrainedState = Schema<"TrainedStateKey">;

export const DEALERS = "dealers";
export const STATES = {
  trained: "pine",
  lapsed: "ember",
  untrained: "gray",
} as const satisfies Record<TrainedState, string>;

export const fetchDealers = (query: ListParams, signal?: AbortSignal) =>
  ok(api.GET("/dealers", { params: { query }, signal }));

export const dealerQuery = (id: string) => ({
  queryKey: keys.one(DEALERS, id),
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    ok(api.GET("/dealers/{id}", { params: { path: { id } }, signal })),
});

/** The dealer that an organisation is, if it is one; changes with the organisation. */
export const dealerOfQuery = (customer: string) => ({
  queryKey: keys.part("customers", customer, DEALERS),
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    const page = await ok(api.GET("/customers/{id}/dealers", { params: { path: { id: customer } }, signal }));
    return page.items[0] ?? null;
  },
});

export const addDealer = (customer: string, kind: string, header = idempotencyKey()) =>
  ok(api.POST("/customers/{id}/dealers", { params: { path: { id: customer }, header }, body: { kind } }));

const changing = (row: Versioned) => ({ path: { id: row.id }, header: ifMatch(row.version) });

export const patchDealer = (row: Versioned, body: Schema<"DealerInputPatch">) =>
  ok(api.PATCH("/dealers/{id}", { params: changing(row), body }));

export const deleteDealer = (row: Versioned) => ok(api.DELETE("/dealers/{id}", { params: changing(row) }));

export const addClerk = (dealer: string, person: string, header = idempotencyKey()) =>
  ok(
    api.POST("/relations", {
      params: { header },
      body: { from_id: person, to_id: dealer, role: "clerk", primary: false },
    }),
  );

/** What a person was taught; changes with the person. */
export const trainingsQuery = (customer: string) => ({
  queryKey: keys.part("customers", customer, "trainings"),
  queryFn: async ({ signal }: { signal: AbortSignal }) =>
    (await ok(api.GET("/customers/{id}/trainings", { params: { path: { id: customer } }, signal }))).items,
});

export const addTraining = (customer: string, body: Schema<"TrainingInput">, header = idempotencyKey()) =>
  ok(api.POST("/customers/{id}/trainings", { params: { path: { id: customer }, header }, body }));

export const patchTraining = (row: Versioned, body: Schema<"TrainingInputPatch">) =>
  ok(api.PATCH("/trainings/{id}", { params: changing(row), body }));

export const deleteTraining = (row: Training) => ok(api.DELETE("/trainings/{id}", { params: changing(row) }));
