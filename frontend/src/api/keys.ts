/**
 * Query keys: `[resource, "list"|"one"|…, …]`. Changing a record invalidates `keys.of(resource)`, which covers
 * all its lists and details.
 */
export const keys = {
  of: (resource: string) => [resource] as const,
  list: (resource: string, query?: unknown) => [resource, "list", query ?? {}] as const,
  one: (resource: string, id: string) => [resource, "one", id] as const,
  part: (resource: string, id: string, part: string, query?: unknown) =>
    [resource, "one", id, part, query ?? {}] as const,
};
