/** What the administrators' pages read: short lists come whole, users and audit page by page. */
import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { api, keys, ok, type Page, type Ref, type Schema, whole } from "@/api";

export type Unit = Required<Schema<"UnitView">>;
export type Department = Schema<"DepartmentView">;
export type User = Schema<"UserView">;
export type Role = Schema<"RoleView"> & { scopes: Schema<"RoleScopes"> };
export type Permission = Schema<"PermissionView">;
export type ApiKey = Schema<"ApiKeyView">;
export type AuditEvent = Schema<"AuditView">;

export type Reach = "own" | "team" | "tree" | "unit" | "company";
export const REACHES: Reach[] = ["own", "team", "tree", "unit", "company"];

export const unitsQuery = queryOptions({
  queryKey: keys.list("units"),
  queryFn: ({ signal }) =>
    whole<Unit>((query) => ok(api.GET("/units", { params: { query }, signal })) as Promise<Page<Unit>>),
  staleTime: 60_000,
});

export const departmentsQuery = queryOptions({
  queryKey: keys.list("departments"),
  queryFn: ({ signal }) =>
    whole<Department>(
      (query) => ok(api.GET("/departments", { params: { query }, signal })) as Promise<Page<Department>>,
    ),
  staleTime: 60_000,
});

export const rolesQuery = queryOptions({
  queryKey: keys.list("roles"),
  queryFn: ({ signal }) =>
    whole<Role>((query) => ok(api.GET("/roles", { params: { query }, signal })) as Promise<Page<Role>>),
  staleTime: 60_000,
});

export const permissionsQuery = queryOptions({
  queryKey: keys.list("permissions"),
  queryFn: ({ signal }) =>
    whole<Permission>(
      (query) => ok(api.GET("/permissions", { params: { query }, signal })) as Promise<Page<Permission>>,
    ),
  staleTime: Number.POSITIVE_INFINITY,
});

export const apiKeysQuery = queryOptions({
  queryKey: keys.list("api-keys"),
  queryFn: ({ signal }) =>
    whole<ApiKey>(
      (query) => ok(api.GET("/api-keys", { params: { query }, signal })) as Promise<Page<ApiKey>>,
    ),
});

export const userQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one("users", id),
    queryFn: ({ signal }) =>
      ok(api.GET("/users/{id}", { params: { path: { id } }, signal })) as Promise<User>,
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
    const people = await whole<Ref>(
      (query) => ok(api.GET("/people", { params: { query }, signal })) as Promise<Page<Ref>>,
    );
    return people.map((one) => ({ value: one.id, label: one.name }));
  },
  staleTime: 60_000,
});
