/** Key accounts as the contract tells them, read and changed. */
import { api, idempotencyKey, ifMatch, keys, type ListParams, ok, type Schema, type Versioned } from "@/api";

export type KeyAccount = Schema<"KeyAccountView">;
export type KeyAccountInput = Schema<"KeyAccountInput">;
export type Touchpoint = Schema<"Touchpoint">;
export type Goal = Schema<"KeyAccountGoal">;

export const KEY_ACCOUNTS = "key-accounts";
export const LEVELS = [
  "basic",
  "reactive",
  "accountable",
  "proactive",
  "partnership",
] as const satisfies Schema<"RelationshipLevel">[];
export const GOAL_STATUSES = ["open", "reached", "missed"] as const satisfies Schema<"GoalStatus">[];
export const GROUPS = [
  "contact",
  "order",
  "delivery",
  "place",
] as const satisfies Schema<"TouchpointGroup">[];

export const fetchKeyAccounts = (query: ListParams, signal?: AbortSignal) =>
  ok(api.GET("/key-accounts", { params: { query }, signal }));

export const keyAccountQuery = (id: string) => ({
  queryKey: keys.one(KEY_ACCOUNTS, id),
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    ok(api.GET("/key-accounts/{id}", { params: { path: { id } }, signal })),
});

/** The key account that a customer is, if it is one; changes with the customer. */
export const keyAccountOfQuery = (customer: string) => ({
  queryKey: keys.part("customers", customer, KEY_ACCOUNTS),
  queryFn: async ({ signal }: { signal: AbortSignal }) => {
    const page = await ok(
      api.GET("/customers/{id}/key-accounts", { params: { path: { id: customer } }, signal }),
    );
    return page.items[0] ?? null;
  },
});

export const addKeyAccount = (customer: string, header = idempotencyKey()) =>
  ok(api.POST("/customers/{id}/key-accounts", { params: { path: { id: customer }, header }, body: {} }));

const changing = (row: Versioned) => ({ path: { id: row.id }, header: ifMatch(row.version) });

export const patchKeyAccount = (row: Versioned, body: Schema<"KeyAccountInputPatch">) =>
  ok(api.PATCH("/key-accounts/{id}", { params: changing(row), body }));

export const deleteKeyAccount = (row: Versioned) =>
  ok(api.DELETE("/key-accounts/{id}", { params: changing(row) }));

/** What is planned for the touchpoints, as it is written: one of them changed. */
export function plansOf(account: KeyAccount, changed?: Touchpoint): Schema<"TouchpointPlan">[] {
  return account.touchpoints
    .map((one) => (changed && one.group === changed.group && one.key === changed.key ? changed : one))
    .filter((one) => one.every_days || one.note || (one.group === "place" && one.last_on))
    .map((one) => ({
      group: one.group,
      key: one.key,
      every_days: one.every_days,
      met_on: one.group === "place" ? one.last_on : null,
      note: one.note,
    }));
}
