import { queryOptions } from "@tanstack/react-query";
import { api, ifMatch, keys, ok, type Page } from "@/api";
import type { ListQuery } from "@/shared/grid";
import type { Order, Status } from "./types";

type Body = Record<string, unknown>;
type Once = { "Idempotency-Key": string };

export const fetchOrders = (query: ListQuery, signal?: AbortSignal): Promise<Page<Order>> =>
  ok(api.GET("/orders", { params: { query: query as never }, signal })) as never;

export const readOrder = (id: string): Promise<Order> =>
  ok(api.GET("/orders/{id}", { params: { path: { id } } })) as never;

export const orderQuery = (id: string) =>
  queryOptions({ queryKey: keys.one("orders", id), queryFn: () => readOrder(id) });

export const createOrder = (body: Body, once: Once): Promise<Order> =>
  ok(api.POST("/orders", { headers: once, body: body as never })) as never;

export const patchOrder = (row: { id: string; version: number }, body: Body): Promise<Order> =>
  ok(
    api.PATCH("/orders/{id}", {
      params: { path: { id: row.id } },
      headers: ifMatch(row.version),
      body: body as never,
    }),
  ) as never;

export const deleteOrder = (row: { id: string; version: number }) =>
  ok(api.DELETE("/orders/{id}", { params: { path: { id: row.id } }, headers: ifMatch(row.version) }));

export const moveOrder = (id: string, status: Status) =>
  ok(api.POST("/orders/{id}/status", { params: { path: { id } }, body: { status } as never }));

export const payOrder = (id: string, body: Body, once: Once) =>
  ok(api.POST("/orders/{id}/payments", { params: { path: { id } }, headers: once, body: body as never }));

export const returnGoods = (id: string, body: Body, once: Once) =>
  ok(api.POST("/orders/{id}/returns", { params: { path: { id } }, headers: once, body: body as never }));
