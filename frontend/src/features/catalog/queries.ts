import { queryOptions } from "@tanstack/react-query";
import { api, idempotencyKey, ifMatch, keys, type ListParams, ok, type Schema, type Versioned } from "@/api";

export const fetchProducts = (query: ListParams, signal?: AbortSignal) =>
  ok(api.GET("/products", { params: { query }, signal }));

export const readProduct = (id: string) => ok(api.GET("/products/{id}", { params: { path: { id } } }));

export const productQuery = (id: string) =>
  queryOptions({ queryKey: keys.one("products", id), queryFn: () => readProduct(id) });

export const brandsQuery = queryOptions({
  queryKey: keys.list("brands"),
  queryFn: async ({ signal }) => (await ok(api.GET("/brands", { signal }))).items,
  staleTime: 60_000,
});

export const categoriesQuery = queryOptions({
  queryKey: keys.list("categories"),
  queryFn: async ({ signal }) => (await ok(api.GET("/categories", { signal }))).items,
  staleTime: 60_000,
});

const changing = (row: Versioned) => ({ path: { id: row.id }, header: ifMatch(row.version) });

export const createProduct = (body: Schema<"ProductInput">, header = idempotencyKey()) =>
  ok(api.POST("/products", { params: { header }, body }));
export const patchProduct = (row: Versioned, body: Schema<"ProductInputPatch">) =>
  ok(api.PATCH("/products/{id}", { params: changing(row), body }));
export const removeProduct = (row: Versioned) => ok(api.DELETE("/products/{id}", { params: changing(row) }));

export const createBrand = (body: Schema<"BrandInput">, header = idempotencyKey()) =>
  ok(api.POST("/brands", { params: { header }, body }));
export const patchBrand = (row: Versioned, body: Schema<"BrandInputPatch">) =>
  ok(api.PATCH("/brands/{id}", { params: changing(row), body }));
export const removeBrand = (row: Versioned) => ok(api.DELETE("/brands/{id}", { params: changing(row) }));

export const createCategory = (body: Schema<"CategoryInput">, header = idempotencyKey()) =>
  ok(api.POST("/categories", { params: { header }, body }));
export const patchCategory = (row: Versioned, body: Schema<"CategoryInputPatch">) =>
  ok(api.PATCH("/categories/{id}", { params: changing(row), body }));
export const removeCategory = (row: Versioned) =>
  ok(api.DELETE("/categories/{id}", { params: changing(row) }));
