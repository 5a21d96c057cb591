import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ifMatch, type Job, keys, ok, type Page, raw } from "@/api";
import { currentLanguage } from "@/app/i18n";
import type { Import, Mapping, Resource, Rows, SavedMapping, Target } from "./types";

const POLL_MS = 1_500;

export const busy = (one: Pick<Import, "status">): boolean =>
  one.status === "checking" || one.status === "running" || one.status === "undoing";

export const importsQuery = queryOptions({
  queryKey: keys.list("imports"),
  queryFn: ({ signal }): Promise<Page<Import>> =>
    ok(api.GET("/imports", { params: { query: { limit: 100 } as never }, signal })) as never,
  refetchInterval: (query) => (query.state.data?.items.some(busy) ? POLL_MS * 2 : false),
});

/** One import, kept fresh while the server works on it: progress is the server's, so a reload finds it again. */
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one("imports", id),
    queryFn: ({ signal }): Promise<Import> =>
      ok(api.GET("/imports/{id}", { params: { path: { id } }, signal })) as never,
    refetchInterval: (query) => (query.state.data && busy(query.state.data) ? POLL_MS : false),
  });

export const targetsQuery = (resource: Resource) =>
  queryOptions({
    queryKey: keys.list("import-targets", { resource, language: currentLanguage() }),
    queryFn: async ({ signal }): Promise<Target[]> => {
      const answer = await ok(
        api.GET("/import-targets", { params: { query: { resource } as never }, signal }),
      );
      return (answer as unknown as Page<Target>).items;
    },
    staleTime: 5 * 60_000,
  });

export const rowsQuery = (id: string, outcome: string, version: number) =>
  infiniteQueryOptions({
    queryKey: keys.part("imports", id, "rows", { outcome, version }),
    queryFn: ({ pageParam, signal }): Promise<Rows> =>
      ok(
        api.GET("/imports/{id}/rows", {
          params: { path: { id }, query: { outcome, limit: 50, cursor: pageParam ?? undefined } as never },
          signal,
        }),
      ) as never,
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor ?? null,
  });

export const mappingsQuery = (resource: Resource) =>
  queryOptions({
    queryKey: keys.list("import-mappings", resource),
    queryFn: async ({ signal }): Promise<SavedMapping[]> => {
      const page = (await ok(
        api.GET("/import-mappings", {
          params: { query: { resource } as never },
          signal,
        }),
      )) as unknown as Page<SavedMapping>;
      return page.items.filter((one) => one.resource === resource);
    },
  });

export async function uploadFile(resource: Resource, file: File): Promise<Import> {
  const query = new URLSearchParams({ resource, file_name: file.name });
  const response = await raw(`/imports?${query}`, {
    method: "POST",
    headers: { "Content-Type": "application/octet-stream" },
    body: file,
  });
  return (await response.json()) as Import;
}

export const patchImport = (row: Import, body: { mapping?: Mapping; format?: Partial<Import["format"]> }) =>
  ok(
    api.PATCH("/imports/{id}", {
      params: { path: { id: row.id } },
      headers: ifMatch(row.version),
      body: body as never,
    }),
  ) as unknown as Promise<Import>;

export const actOn = (id: string, verb: "check" | "run" | "undo"): Promise<Job> =>
  ok(api.POST(`/imports/{id}/${verb}`, { params: { path: { id } } })) as never;

export const deleteImport = (row: Import) =>
  ok(api.DELETE("/imports/{id}", { params: { path: { id: row.id } }, headers: ifMatch(row.version) }));
