/** How people keep to the follow-up rule, and when they travel. */
import { queryOptions } from "@tanstack/react-query";
import { api, type Condition, idempotencyKey, keys, ok, type Schema } from "@/api";

export type Report = Schema<"DisciplineReport">;
export type Person = Schema<"PersonDiscipline">;
export type Unit = Schema<"UnitDiscipline">;
export type Travel = Schema<"TravelView">;
type Rule = Schema<"FollowUpRule">;

export interface Period {
  from?: string;
  to?: string;
}

export const disciplineQuery = (period: Period) =>
  queryOptions({
    queryKey: keys.list("discipline", period),
    queryFn: ({ signal }) => ok(api.GET("/discipline", { params: { query: period }, signal })),
    placeholderData: (before) => before,
  });

export const travelsQuery = queryOptions({
  queryKey: keys.list("travels"),
  queryFn: async ({ signal }) => (await ok(api.GET("/travels", { signal }))).items,
});

export const addTravel = (body: Schema<"TravelInput">, header = idempotencyKey()) =>
  ok(api.POST("/travels", { params: { header }, body }));

export const removeTravel = (id: string) => ok(api.DELETE("/travels/{id}", { params: { path: { id } } }));

/** What somebody has open that has been silent for too long, as the list of opportunities is asked for it. */
export const untouchedOf = (owner: string, type: "lead" | "opportunity", rule: Rule): Condition => ({
  all: [
    { field: "status", op: "eq", value: "open" },
    { field: "type", op: "eq", value: type },
    { field: "owner", op: "eq", value: owner },
    {
      field: "touched_at",
      op: "more_than_days_ago",
      value: type === "lead" ? rule.lead_days : rule.opportunity_days,
    },
  ],
});
