/** What can be done to customers. Each answers with what the server made of it; all throw ApiProblem. */
import { api, idempotencyKey, ifMatch, type Job, ok } from "@/api";
import type { Condition } from "@/api/types";
import type { Customer, Preference, Relation } from "./types";

type Body = Record<string, unknown>;

export const createCustomer = (body: Body, key = idempotencyKey()): Promise<Customer> =>
  ok(api.POST("/customers", { headers: key, body: body as never })) as never;

export const patchCustomer = (row: { id: string; version: number }, body: Body): Promise<Customer> =>
  ok(
    api.PATCH("/customers/{id}", {
      params: { path: { id: row.id } },
      headers: ifMatch(row.version),
      body: body as never,
    }),
  ) as never;

export const deleteCustomer = (row: { id: string; version: number }) =>
  ok(api.DELETE("/customers/{id}", { params: { path: { id: row.id } }, headers: ifMatch(row.version) }));

export const restoreCustomer = (id: string): Promise<Customer> =>
  ok(api.POST("/customers/{id}/restoration", { params: { path: { id } } })) as never;

export type BulkAction =
  | { assign: { owner_id: string } }
  | { add_tags: string[] }
  | { remove_tags: string[] }
  | { set: Partial<Record<"status" | "level" | "source" | "industry", string>> };

/** Which records: the ticked ones, or everything a list shows. */
export type BulkTarget = { ids: string[] } | { filter?: Condition; q?: string };

export const bulkCustomers = (target: BulkTarget, action: BulkAction): Promise<Job> =>
  ok(api.POST("/customers/bulk", { body: { ...target, action } as never })) as never;

export const addInteraction = (body: Body, key: { "Idempotency-Key": string }) =>
  ok(api.POST("/interactions", { headers: key, body: body as never }));

export const addPreference = (customer: string, body: Body): Promise<Preference> =>
  ok(
    api.POST("/customers/{id}/preferences", { params: { path: { id: customer } }, body: body as never }),
  ) as never;

export const patchPreference = (row: Preference, body: Body): Promise<Preference> =>
  ok(
    api.PATCH("/preferences/{id}", {
      params: { path: { id: row.id } },
      headers: ifMatch(row.version),
      body: body as never,
    }),
  ) as never;

export const deletePreference = (row: Preference) =>
  ok(api.DELETE("/preferences/{id}", { params: { path: { id: row.id } }, headers: ifMatch(row.version) }));

export const confirmPreference = (row: Preference): Promise<Preference> =>
  ok(
    api.POST("/preferences/{id}/confirmation", { params: { path: { id: row.id } }, body: {} as never }),
  ) as never;

export const addRelation = (body: Body): Promise<Relation> =>
  ok(api.POST("/relations", { body: body as never })) as never;

export const deleteRelation = (row: Relation) =>
  ok(api.DELETE("/relations/{id}", { params: { path: { id: row.id } }, headers: ifMatch(row.version) }));
