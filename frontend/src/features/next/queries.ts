/** Next best actions: what the server suggests, what is made of it, what came of it. */
import { queryOptions } from "@tanstack/react-query";
import { api, idempotencyKey, keys, ok, type Schema } from "@/api";

export type NextAction = Schema<"NextActionView">;
export type NextRule = Schema<"NextActionRule">;
export type NextReason = Schema<"NextActionReason">;
export type NextReport = Schema<"NextActionReport">;
export type OutcomeInput = Schema<"NextActionOutcomeInput">;

export const RULES = [
  "warning",
  "promise_overdue",
  "deal_overdue",
  "deal_untouched",
  "wish_arrived",
  "wish_due",
  "replenish",
  "silent",
  "offer",
  "date",
  "qualification",
] as const satisfies NextRule[];

export const REASONS = [
  "known_already",
  "wrong",
  "not_wanted",
  "bad_time",
  "other",
] as const satisfies NextReason[];

/** Whose suggestions: one customer's, or those about the customers of a person, the reader when absent. */
export interface Whose {
  customer?: string;
  owner?: string;
}

export const nextActionsQuery = (whose: Whose) =>
  queryOptions({
    queryKey: keys.list("next-actions", whose),
    queryFn: ({ signal }) => ok(api.GET("/next-actions", { params: { query: whose }, signal })),
  });

export const nextReportQuery = queryOptions({
  queryKey: keys.part("next-actions", "report", ""),
  queryFn: ({ signal }) => ok(api.GET("/next-actions/report", { signal })),
});

export const noteOutcome = (one: NextAction, more: Pick<OutcomeInput, "outcome" | "until" | "reason">) =>
  ok(
    api.POST("/next-actions/outcomes", {
      params: { header: idempotencyKey() },
      body: {
        customer_id: one.customer.id,
        rule: one.rule,
        subject: one.subject,
        stake: one.stake,
        ...more,
      },
    }),
  );

/** Says that what was promised is done. */
export const finishTask = (id: string) =>
  ok(api.POST("/tasks/{id}/completion", { params: { path: { id } }, body: {} }));

export const readWish = (id: string) => ok(api.GET("/wishes/{id}", { params: { path: { id } } }));
