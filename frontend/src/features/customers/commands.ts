/** What can be done to customers. Each answers with what the server made of it; all throw ApiProblem. */
import {
  api,
  type Condition,
  idempotencyKey,
  ifMatch,
  type Once,
  ok,
  type Schema,
  type Versioned,
} from "@/api";
import type { CustomerBody, CustomerPatch, Fact, Preference } from "./types";

const changing = (row: Versioned) => ({ path: { id: row.id }, header: ifMatch(row.version) });

export const createCustomer = (body: CustomerBody, header = idempotencyKey()) =>
  ok(api.POST("/customers", { params: { header }, body }));

export const patchCustomer = (row: Versioned, body: CustomerPatch) =>
  ok(api.PATCH("/customers/{id}", { params: changing(row), body }));

export const deleteCustomer = (row: Versioned) =>
  ok(api.DELETE("/customers/{id}", { params: changing(row) }));

export const restoreCustomer = (id: string) =>
  ok(api.POST("/customers/{id}/restoration", { params: { path: { id } } }));

export type ElsewhereBody = Schema<"ElsewhereInput">;

/** Whether another unit has someone with one of these. */
export const askElsewhere = (body: ElsewhereBody) => ok(api.POST("/duplicates/elsewhere", { body }));

export type BulkAction = Schema<"BulkAction">;

/** Which records: the ticked ones, or everything a list shows. */
export type BulkTarget = { ids: string[] } | { filter: Condition; q?: string };

export const bulkCustomers = (target: BulkTarget, action: BulkAction) =>
  ok(api.POST("/customers/bulk", { body: { ...target, action } }));

export const addInteraction = (body: Schema<"InteractionInput">, header: Once) =>
  ok(api.POST("/interactions", { params: { header }, body }));

export const readInteraction = (id: string) =>
  ok(api.GET("/interactions/{id}", { params: { path: { id } } }));

export const patchInteraction = (row: Versioned, body: Schema<"InteractionInputPatch">) =>
  ok(api.PATCH("/interactions/{id}", { params: changing(row), body }));

export const deleteInteraction = (row: Versioned) =>
  ok(api.DELETE("/interactions/{id}", { params: changing(row) }));

export const addPreference = (customer: string, body: Schema<"PreferenceInput">) =>
  ok(api.POST("/customers/{id}/preferences", { params: { path: { id: customer } }, body }));

export const patchPreference = (row: Versioned, body: Schema<"PreferenceInputPatch">) =>
  ok(api.PATCH("/preferences/{id}", { params: changing(row), body }));

export const deletePreference = (row: Preference) =>
  ok(api.DELETE("/preferences/{id}", { params: changing(row) }));

export const confirmPreference = (row: Versioned) =>
  ok(api.POST("/preferences/{id}/confirmation", { params: { path: { id: row.id } }, body: {} }));

export const addFact = (customer: string, body: Schema<"CustomerFactInput">) =>
  ok(api.POST("/customers/{id}/facts", { params: { path: { id: customer } }, body }));

export const patchFact = (row: Versioned, body: Schema<"CustomerFactInputPatch">) =>
  ok(api.PATCH("/facts/{id}", { params: changing(row), body }));

export const deleteFact = (row: Fact) => ok(api.DELETE("/facts/{id}", { params: changing(row) }));

export const addRelation = (body: Schema<"RelationInput">) => ok(api.POST("/relations", { body }));

export const addShare = (customer: string, body: Schema<"ShareInput">) =>
  ok(api.POST("/customers/{id}/shares", { params: { path: { id: customer } }, body }));

export const endShare = (id: string) => ok(api.DELETE("/shares/{id}", { params: { path: { id } } }));

export const deleteRelation = (row: Versioned) =>
  ok(api.DELETE("/relations/{id}", { params: changing(row) }));

export const recordConsent = (customer: string, body: Schema<"ConsentInput">) =>
  ok(api.POST("/customers/{id}/consents", { params: { path: { id: customer } }, body }));

/** Puts an address on the do-not-contact list. */
export const addSuppression = (body: Schema<"SuppressionInput">) => ok(api.POST("/suppressions", { body }));

export const endSuppression = (id: string) =>
  ok(api.DELETE("/suppressions/{id}", { params: { path: { id } } }));
