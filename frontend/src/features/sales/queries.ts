import { queryOptions } from "@tanstack/react-query";
import { api, ifMatch, keys, type ListParams, type Once, ok, type Schema, type Versioned } from "@/api";
import type { OrderBody, OrderPatch, Status } from "./types";

export const fetchOrders = (query: ListParams, signal?: AbortSignal) =>
  ok(api.GET("/orders", { params: { query }, signal }));

export const readOrder = (id: string) => ok(api.GET("/orders/{id}", { params: { path: { id } } }));

export const orderQuery = (id: string) =>
  queryOptions({ queryKey: keys.one("orders", id), queryFn: () => readOrder(id) });

export const createOrder = (body: OrderBody, header: Once) =>
  ok(api.POST("/orders", { params: { header }, body }));

const changing = (row: Versioned) => ({ path: { id: row.id }, header: ifMatch(row.version) });

export const patchOrder = (row: Versioned, body: OrderPatch) =>
  ok(api.PATCH("/orders/{id}", { params: changing(row), body }));

export const deleteOrder = (row: Versioned) => ok(api.DELETE("/orders/{id}", { params: changing(row) }));

export const moveOrder = (id: string, status: Status) =>
  ok(api.POST("/orders/{id}/status", { params: { path: { id } }, body: { status } }));

export const payOrder = (id: string, body: Schema<"PaymentInput">, header: Once) =>
  ok(api.POST("/orders/{id}/payments", { params: { path: { id }, header }, body }));

export const returnGoods = (id: string, body: Schema<"ReturnInput">, header: Once) =>
  ok(api.POST("/orders/{id}/returns", { params: { path: { id }, header }, body }));
