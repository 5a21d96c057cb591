import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, ifMatch, keys, ok, paged, type Schema, type Versioned } from "@/api";
import { currentLanguage } from "@/app/i18n";
import type { Import, Resource } from "./types";

const POLL_MS = 1_500;

export const busy = (one: Pick<Import, "status">): boolean =>
  one.status === "checking" || one.status === "running" || one.status === "undoing";

export const importsQuery = queryOptions({
  queryKey: keys.list("imports"),
  queryFn: ({ signal }) => ok(api.GET("/imports", { params: { query: { limit: 100 } }, signal })),
  refetchInterval: (query) => (query.state.data?.items.some(busy) ? POLL_MS * 2 : false),
});

/** One import, kept fresh while the server works on it: progress is the server's, so a reload finds it again. */
export const importQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one("imports", id),
    queryFn: ({ signal }) => ok(api.GET("/imports/{id}", { params: { path: { id } }, signal })),
    refetchInterval: (query) => (query.state.data && busy(query.state.data) ? POLL_MS : false),
  });

export const targetsQuery = (resource: Resource) =>
  queryOptions({
    queryKey: keys.list("import-targets", { resource, language: currentLanguage() }),
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/import-targets", { params: { query: { resource } }, signal }))).items,
    staleTime: 5 * 60_000,
  });

export const rowsQuery = (id: string, outcome: Schema<"RowOutcome">, version: number) =>
  infiniteQueryOptions({
    queryKey: keys.part("imports", id, "rows", { outcome, version }),
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET("/imports/{id}/rows", {
          params: { path: { id }, query: { outcome, limit: 50, cursor: pageParam } },
          signal,
        }),
      ),
    ...paged,
  });

export const mappingsQuery = (resource: Resource) =>
  queryOptions({
    queryKey: keys.list("import-mappings", resource),
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/import-mappings", { params: { query: { resource } }, signal }))).items,
  });

export const uploadFile = (resource: Resource, file: File) =>
  ok(
    api.POST("/imports", {
      params: { query: { resource, file_name: file.name } },
      headers: { "Content-Type": "application/octet-stream" },
      // The contract calls raw bytes a string; the file itself is sent.
      body: file.name,
      bodySerializer: () => file,
    }),
  );

export const patchImport = (row: Versioned, body: Schema<"ImportInputPatch">) =>
  ok(api.PATCH("/imports/{id}", { params: { path: { id: row.id }, header: ifMatch(row.version) }, body }));

export const actOn = (id: string, verb: "check" | "run" | "undo") =>
  ok(api.POST(`/imports/{id}/${verb}`, { params: { path: { id } } }));

export const deleteImport = (row: Versioned) =>
  ok(api.DELETE("/imports/{id}", { params: { path: { id: row.id }, header: ifMatch(row.version) } }));
