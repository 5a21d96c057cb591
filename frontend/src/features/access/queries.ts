/** What the administrators' pages read: short lists come whole, users and audit page by page. */
import { queryOptions, useQueryClient } from "@tanstack/react-query";
import { api, keys, ok, type Page, type Ref, type Versioned, whole } from "@/api";

export interface Unit extends Versioned {
  name: string;
  code: string;
  active: boolean;
}

export interface Department extends Versioned {
  name: string;
  unit_id: string;
  parent_id?: string | null;
  leader_id?: string | null;
  leader?: Ref | null;
  /** How many sit in it. */
  people: number;
}

export interface User extends Versioned {
  name: string;
  login: string;
  email?: string | null;
  phone?: string | null;
  department_id: string;
  role_ids: string[];
  locale: string;
  unit?: Ref | null;
  department?: Ref | null;
  roles: Ref[];
  active: boolean;
  /** Has a link to set the password and has not used it. */
  invited: boolean;
  last_seen_at?: string | null;
  /** Once, in the answer to a creation without a password. */
  invite_url?: string | null;
}

export type Reach = "own" | "team" | "tree" | "unit" | "company";
export const REACHES: Reach[] = ["own", "team", "tree", "unit", "company"];

export interface Role extends Versioned {
  name: string;
  key?: string | null;
  built_in: boolean;
  permissions: string[];
  scopes: { customer?: Reach | null; order?: Reach | null };
  /** How many people have it. */
  holders: number;
}

export interface Permission {
  key: string;
  area: string;
  label: string;
}

export interface ApiKey {
  id: string;
  name: string;
  prefix: string;
  permissions: string[];
  expires_at?: string | null;
  last_used_at?: string | null;
  created_at: string;
  revoked_at?: string | null;
  /** Once, in the answer to the creation. */
  key?: string;
}

export interface AuditEvent {
  id: string;
  at: string;
  actor?: Ref | null;
  action: string;
  resource: string;
  resource_id: string;
  unit?: Ref | null;
  request_id?: string | null;
  address?: string | null;
  before?: unknown;
  after?: unknown;
}

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
