import { queryOptions } from "@tanstack/react-query";
import { api, idempotencyKey, ifMatch, keys, ok, type Page, whole } from "@/api";
import type { ListQuery } from "@/shared/grid";
import type { Brand, Category, Product } from "./types";

type Body = Record<string, unknown>;

export const fetchProducts = (query: ListQuery, signal?: AbortSignal): Promise<Page<Product>> =>
  ok(api.GET("/products", { params: { query: query as never }, signal })) as never;

export const readProduct = (id: string): Promise<Product> =>
  ok(api.GET("/products/{id}", { params: { path: { id } } })) as never;

export const productQuery = (id: string) =>
  queryOptions({ queryKey: keys.one("products", id), queryFn: () => readProduct(id) });

export const brandsQuery = queryOptions({
  queryKey: keys.list("brands"),
  queryFn: () =>
    whole<Brand>((query) => ok(api.GET("/brands", { params: { query: query as never } })) as never),
  staleTime: 60_000,
});

export const categoriesQuery = queryOptions({
  queryKey: keys.list("categories"),
  queryFn: () =>
    whole<Category>((query) => ok(api.GET("/categories", { params: { query: query as never } })) as never),
  staleTime: 60_000,
});

type Resource = "products" | "brands" | "categories";

export const create = <T>(resource: Resource, body: Body, key = idempotencyKey()): Promise<T> =>
  ok(api.POST(`/${resource}`, { headers: key, body: body as never })) as never;

export const patch = <T>(resource: Resource, row: { id: string; version: number }, body: Body): Promise<T> =>
  ok(
    api.PATCH(`/${resource}/{id}`, {
      params: { path: { id: row.id } },
      headers: ifMatch(row.version),
      body: body as never,
    }),
  ) as never;

export const remove = (resource: Resource, row: { id: string; version: number }) =>
  ok(api.DELETE(`/${resource}/{id}`, { params: { path: { id: row.id } }, headers: ifMatch(row.version) }));
