import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, type Filterable, keys, ok } from "@/api";
import { currentLanguage } from "@/app/i18n";
import type { FilterField } from "../grid/types";

export type ConditionFieldOption = FilterField;

/** Fields change rarely; labels come in the reader's language, so the language is part of the key. */
const conditionFieldsQuery = (resource: Filterable, language: string) =>
  queryOptions({
    queryKey: keys.list("condition-fields", { resource, language }),
    queryFn: async ({ signal }): Promise<FilterField[]> =>
      (await ok(api.GET("/condition-fields", { params: { query: { resource } }, signal }))).items,
    staleTime: 5 * 60_000,
  });

const NONE: FilterField[] = [];

/** What a resource may be filtered by, named and grouped by the server. */
export function useConditionFields(resource: Filterable): FilterField[] {
  return useQuery(conditionFieldsQuery(resource, currentLanguage())).data ?? NONE;
}
