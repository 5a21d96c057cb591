import { queryOptions, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { api, keys, ok, type Schema, whole } from "@/api";
import { namedOptions } from "@/shared/grid/named";

export type Settings = Schema<"SettingsView">;
export type Tag = Schema<"TagView">;
export type CustomField = Schema<"FieldView">;
export type Dictionary = Schema<"DictionaryView">;
export type DictionaryEntry = Schema<"EntryView">;

/** Kinds of records that take custom fields. */
export type FieldResource = Schema<"FieldResource">;

export const settingsQuery = queryOptions({
  queryKey: keys.of("settings"),
  queryFn: ({ signal }) => ok(api.GET("/settings", { signal })),
});

export const tagsQuery = queryOptions({
  queryKey: keys.list("tags"),
  queryFn: async ({ signal }) => (await ok(api.GET("/tags", { signal }))).items,
  staleTime: 60_000,
});

/** Tags to choose from: of one unit, since a customer wears its own unit's only, or of all in sight. */
export function useTagOptions(unit?: string) {
  const tags = useQuery(tagsQuery).data;
  return useMemo(
    () => namedOptions((tags ?? []).filter((tag) => !unit || tag.unit?.id === unit)),
    [tags, unit],
  );
}

export const customFieldsQuery = (resource?: FieldResource) =>
  queryOptions({
    queryKey: keys.list("custom-fields", resource),
    queryFn: ({ signal }) => {
      const filter = resource && JSON.stringify({ field: "resource", op: "eq", value: resource });
      return whole((query) =>
        ok(api.GET("/custom-fields", { params: { query: { ...query, filter } }, signal })),
      );
    },
    staleTime: 5 * 60_000,
  });

export const dictionariesQuery = queryOptions({
  queryKey: keys.list("dictionaries"),
  queryFn: async ({ signal }) => (await ok(api.GET("/dictionaries", { signal }))).items,
  staleTime: 5 * 60_000,
});

export const entriesQuery = (dictionary: string) =>
  queryOptions({
    queryKey: keys.part("dictionaries", dictionary, "entries"),
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/dictionaries/{key}/entries", { params: { path: { key: dictionary } }, signal })))
        .items,
    staleTime: 5 * 60_000,
  });

/** The label of the reader's language. */
export const labelOf = (one: { label_zh: string; label_en: string }, language: string): string =>
  language.startsWith("zh") ? one.label_zh : one.label_en || one.label_zh;
