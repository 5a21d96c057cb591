import { queryOptions } from "@tanstack/react-query";
import { api, keys, ok, type Page, type Versioned, whole } from "@/api";

export interface Settings {
  company_name: string;
  locale: string;
  time_zone: string;
  currency: string;
  settings: {
    customer_code_pattern: string;
    order_code_pattern: string;
    order_counts_when: "confirmed" | "delivered" | "paid";
    insight: Record<string, unknown>;
  };
  version: number;
}

export interface Tag extends Versioned {
  name: string;
  color: string;
  customers_count?: number | null;
}

export interface CustomField extends Versioned {
  resource: "customer" | "product" | "order";
  key: string;
  label_zh: string;
  label_en: string;
  type: string;
  choices: { key: string; label_zh: string; label_en: string; active: boolean }[];
  required: boolean;
  unique: boolean;
  position: number;
  active: boolean;
}

export interface Dictionary {
  key: string;
  name_zh: string;
  name_en: string;
  system: boolean;
}

export interface DictionaryEntry extends Versioned {
  key: string;
  label_zh: string;
  label_en: string;
  position: number;
  active: boolean;
}

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

export const customFieldsQuery = (resource?: CustomField["resource"]) =>
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
