/** What the administrators' pages read: short lists come whole, users and audit page by page. */
import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { api, keys, ok, type Schema, whole } from "@/api";

export type Unit = Schema<"UnitView">;
export type Department = Schema<"DepartmentView">;
export type User = Schema<"UserView">;
export type Role = Schema<"RoleView">;
export type Permission = Schema<"PermissionView">;
export type Mask = Schema<"MaskView">;
export type ApiKey = Schema<"ApiKeyView">;
export type AuditEvent = Schema<"AuditView">;

export type Reach = Schema<"Reach">;
export const REACHES = ["own", "team", "tree", "unit", "company"] as const satisfies Reach[];

export const unitsQuery = queryOptions({
  queryKey: keys.list("units"),
  queryFn: async ({ signal }) => (await ok(api.GET("/units", { signal }))).items,
  staleTime: 60_000,
});

export const departmentsQuery = queryOptions({
  queryKey: keys.list("departments"),
  queryFn: async ({ signal }) => (await ok(api.GET("/departments", { signal }))).items,
  staleTime: 60_000,
});

export const rolesQuery = queryOptions({
  queryKey: keys.list("roles"),
  queryFn: async ({ signal }) => (await ok(api.GET("/roles", { signal }))).items,
  staleTime: 60_000,
});

export const permissionsQuery = queryOptions({
  queryKey: keys.list("permissions"),
  queryFn: async ({ signal }) => (await ok(api.GET("/permissions", { signal }))).items,
  staleTime: Number.POSITIVE_INFINITY,
});

export const masksQuery = queryOptions({
  queryKey: keys.list("masks"),
  queryFn: async ({ signal }) => (await ok(api.GET("/masks", { signal }))).items,
  staleTime: 60_000,
});

export const apiKeysQuery = queryOptions({
  queryKey: keys.list("api-keys"),
  queryFn: async ({ signal }) => (await ok(api.GET("/api-keys", { signal }))).items,
});

export const chainQuery = queryOptions({
  queryKey: keys.list("audit-chain"),
  queryFn: ({ signal }) => ok(api.GET("/audit-chain", { signal })),
  refetchInterval: 60_000,
});

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one("users", id),
    queryFn: ({ signal }) => ok(api.GET("/users/{id}", { params: { path: { id } }, signal })),
  });

/** Drops everything cached of a resource, so that its lists and records are read again. */
export function useRefresh(): (...resources: string[]) => Promise<void> {
  const client = useQueryClient();
  return async (...resources) => {
    await Promise.all(resources.map((one) => client.invalidateQueries({ queryKey: keys.of(one) })));
  };
}

/** Everyone in the caller's directory, as options of a filter. */
export const directoryQuery = queryOptions({
  queryKey: keys.list("people", "options"),
  queryFn: async ({ signal }) => {
    const people = await whole((query) => ok(api.GET("/people", { params: { query }, signal })));
    return people.map((one) => ({ value: one.id, label: one.name }));
  },
  staleTime: 60_000,
});
