import { queryOptions } from "@tanstack/react-query";
import { api, keys, ok, type Schema } from "@/api";

export type AccountRequest = Schema<"AccountRequestView">;

export const KINDS = ["new", "role", "move", "freeze", "leave"] as const satisfies AccountRequest["kind"][];
export const STATUSES = [
  "asked",
  "approved",
  "done",
  "refused",
  "withdrawn",
] as const satisfies AccountRequest["status"][];

/** The requests that nobody has brought to an end. */
export const openRequestsQuery = queryOptions({
  queryKey: keys.list("account-requests", "open"),
  queryFn: async ({ signal }) => {
    const filter = JSON.stringify({ field: "status", op: "in", value: ["asked", "approved"] });
    const query = { filter, limit: 50, sort: "asked_at" };
    return (await ok(api.GET("/account-requests", { params: { query }, signal }))).items;
  },
});
