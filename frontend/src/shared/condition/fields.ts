import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, keys, ok } from "@/api";
import type { Page } from "@/api/types";
import { currentLanguage } from "@/app/i18n";
import type { FilterField } from "../grid/types";

export type ConditionFieldOption = FilterField;

const MOST = 200;

/** Fields change rarely; labels come in the reader's language, so the language is part of the key. */
const conditionFieldsQuery = (resource: string, language: string) =>
  queryOptions({
    queryKey: keys.list("condition-fields", { resource, language }),
    queryFn: async ({ signal }) => {
      const query = { resource, limit: MOST } as never;
      const page = (await ok(
        api.GET("/condition-fields", { params: { query }, signal }),
      )) as unknown as Page<FilterField>;
      return page.items;
    },
    staleTime: 5 * 60_000,
  });

const NONE: FilterField[] = [];

/** What a resource may be filtered by, named and grouped by the server. */
export function useConditionFields(resource: string): FilterField[] {
  return useQuery(conditionFieldsQuery(resource, currentLanguage())).data ?? NONE;
}
