import { queryOptions } from "@tanstack/react-query";
import {
  api,
  type Condition,
  idempotencyKey,
  ifMatch,
  keys,
  type ListParams,
  ok,
  type Schema,
  type Versioned,
} from "@/api";
import type { MoveBody, OpportunityBody, OpportunityPatch } from "./types";

export const OPPORTUNITIES = "opportunities";

export const pipelinesQuery = queryOptions({
  queryKey: keys.list("pipelines"),
  queryFn: async ({ signal }) => (await ok(api.GET("/pipelines", { signal }))).items,
  staleTime: 5 * 60_000,
});

export const fetchOpportunities = (query: ListParams, signal?: AbortSignal) =>
  ok(api.GET("/opportunities", { params: { query }, signal }));

export const readOpportunity = (id: string) =>
  ok(api.GET("/opportunities/{id}", { params: { path: { id } } }));

export const opportunityQuery = (id: string) =>
  queryOptions({ queryKey: keys.one(OPPORTUNITIES, id), queryFn: () => readOpportunity(id) });

export const historyQuery = (id: string) =>
  queryOptions({
    queryKey: keys.part(OPPORTUNITIES, id, "history"),
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/opportunities/{id}/history", { params: { path: { id } }, signal }))).items,
  });

export const totalsQuery = (filter: Condition) =>
  queryOptions({
    queryKey: keys.list(OPPORTUNITIES, { totals: filter }),
    queryFn: async ({ signal }) =>
      (
        await ok(
          api.GET("/opportunity-totals", { params: { query: { filter: JSON.stringify(filter) } }, signal }),
        )
      ).items,
  });

export interface FiguresAsked {
  as_of?: string;
  since?: string;
  owner_id?: string;
}

export const figuresQuery = (id: string, query: FiguresAsked) =>
  queryOptions({
    queryKey: keys.list(OPPORTUNITIES, { figures: id, ...query }),
    queryFn: ({ signal }) =>
      ok(api.GET("/pipelines/{id}/figures", { params: { path: { id }, query }, signal })),
  });

export const ofCustomer = (customer: string): Condition => ({ field: "customer", op: "eq", value: customer });

/** A customer's, the newest first. */
export const customerOpportunitiesQuery = (customer: string) =>
  queryOptions({
    queryKey: keys.list(OPPORTUNITIES, { customer }),
    queryFn: ({ signal }) =>
      fetchOpportunities({ filter: JSON.stringify(ofCustomer(customer)), limit: 10 }, signal),
  });

export const createOpportunity = (body: OpportunityBody, header = idempotencyKey()) =>
  ok(api.POST("/opportunities", { params: { header }, body }));

const changing = (row: Versioned) => ({ path: { id: row.id }, header: ifMatch(row.version) });

export const patchOpportunity = (row: Versioned, body: OpportunityPatch) =>
  ok(api.PATCH("/opportunities/{id}", { params: changing(row), body }));

export const deleteOpportunity = (row: Versioned) =>
  ok(api.DELETE("/opportunities/{id}", { params: changing(row) }));

export const moveOpportunity = (id: string, body: MoveBody) =>
  ok(api.POST("/opportunities/{id}/stage", { params: { path: { id } }, body }));

export const qualifyOpportunity = (id: string, body: Schema<"QualifyInput">, header = idempotencyKey()) =>
  ok(api.POST("/opportunities/{id}/qualification", { params: { path: { id }, header }, body }));

export const endPlan = (id: string, body: Schema<"PlanEndInput">) =>
  ok(api.POST("/opportunities/{id}/plan-end", { params: { path: { id } }, body }));
