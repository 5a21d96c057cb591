import { queryOptions } from "@tanstack/react-query";
import { api, keys, ok, type Page, type Schema, whole } from "@/api";

export type Settings = Omit<Schema<"SettingsView">, "settings"> & { settings: Required<Schema<"Settings">> };
export type Tag = Schema<"TagView">;
export type CustomField = Required<Omit<Schema<"FieldView">, "choices">> & {
  choices: Required<Schema<"Choice">>[];
};
export type Dictionary = Schema<"DictionaryView">;
export type DictionaryEntry = Required<Schema<"EntryView">>;

/** Kinds of records that take custom fields. */
export type FieldResource = "customer" | "product" | "order";

export const settingsQuery = queryOptions({
  queryKey: keys.of("settings"),
  queryFn: ({ signal }) => ok(api.GET("/settings", { signal })) as Promise<Settings>,
});

export const tagsQuery = queryOptions({
  queryKey: keys.list("tags"),
  queryFn: ({ signal }) =>
    whole<Tag>((query) => ok(api.GET("/tags", { params: { query }, signal })) as Promise<Page<Tag>>),
  staleTime: 60_000,
});

export const customFieldsQuery = (resource?: FieldResource) =>
  queryOptions({
    queryKey: keys.list("custom-fields", resource),
    queryFn: ({ signal }) =>
      whole<CustomField>(
        (query) =>
          ok(
            api.GET("/custom-fields", {
              params: { query: { ...query, ...(resource ? { "filter[resource]": resource } : {}) } },
              signal,
            }),
          ) as Promise<Page<CustomField>>,
      ),
    staleTime: 5 * 60_000,
  });

export const dictionariesQuery = queryOptions({
  queryKey: keys.list("dictionaries"),
  queryFn: ({ signal }) =>
    whole<Dictionary>(
      (query) => ok(api.GET("/dictionaries", { params: { query }, signal })) as Promise<Page<Dictionary>>,
    ),
  staleTime: 5 * 60_000,
});

export const entriesQuery = (dictionary: string) =>
  queryOptions({
    queryKey: keys.part("dictionaries", dictionary, "entries"),
    queryFn: ({ signal }) =>
      whole<DictionaryEntry>(
        (query) =>
          ok(
            api.GET("/dictionaries/{key}/entries", { params: { path: { key: dictionary }, query }, signal }),
          ) as Promise<Page<DictionaryEntry>>,
      ),
    staleTime: 5 * 60_000,
  });

/** The label of the reader's language. */
export const labelOf = (one: { label_zh: string; label_en: string }, language: string): string =>
  language.startsWith("zh") ? one.label_zh : one.label_en || one.label_zh;
