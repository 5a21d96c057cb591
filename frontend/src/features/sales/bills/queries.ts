import { queryOptions } from "@tanstack/react-query";
import { api, type Condition, keys, type ListParams, type Once, ok, type Schema } from "@/api";

export const BILLS = "bills";

export const fetchBills = (query: ListParams, signal?: AbortSignal) =>
  ok(api.GET("/bills", { params: { query }, signal }));

export const billsFilter = (order: string): Condition => ({ field: "order", op: "eq", value: order });

/** All bills of an order. */
export const billsOfQuery = (order: string) =>
  queryOptions({
    queryKey: keys.list(BILLS, { order }),
    queryFn: ({ signal }) =>
      fetchBills({ filter: JSON.stringify(billsFilter(order)), sort: "due_on", limit: 100 }, signal),
  });

export const billOrder = (order: string, body: Schema<"BillInput">, header: Once) =>
  ok(api.POST("/orders/{id}/bills", { params: { path: { id: order }, header }, body }));

export const cancelBill = (id: string) =>
  ok(api.POST("/bills/{id}/cancellation", { params: { path: { id } } }));
