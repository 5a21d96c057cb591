/** Closed lists of the contract and the company's own lists of words, as options to choose from. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok, type Schema } from "@/api";
import { type DictionaryEntry, entriesQuery, labelOf } from "@/features/platform";

export const STATUSES = ["lead", "customer", "inactive"] as const satisfies Schema<"CustomerStatus">[];
export const GENDERS = ["female", "male", "other"] as const satisfies Schema<"Gender">[];
export const BUYING_STYLES = ["transaction", "relationship"] as const satisfies Schema<"BuyingStyle">[];
export const KINDS = ["person", "organization"] as const satisfies Schema<"CustomerKind">[];
export const STAGES = ["potential", "new", "frequent", "old", "loyal"] as const satisfies Schema<"Stage">[];
export const VALUE_CLASSES = ["vip", "major", "ordinary", "small"] as const satisfies Schema<"ValueClass">[];

export interface Option {
  value: string;
  label: string;
}

const NONE: DictionaryEntry[] = [];

export interface Words {
  /** Active entries, in the company's order. */
  options: Option[];
  /** The label of any entry, inactive ones too; the key itself when unknown. */
  word: (key: string | null | undefined) => string;
}

/** One of the company's dictionaries, such as `source` or `level`. */
export function useDictionary(dictionary: string): Words {
  const { i18n } = useTranslation();
  const entries = useQuery(entriesQuery(dictionary)).data ?? NONE;
  return useMemo(() => {
    const label = (one: DictionaryEntry) => labelOf(one, i18n.language);
    return {
      options: entries
        .filter((one) => one.active)
        .toSorted((a, b) => a.position - b.position)
        .map((one) => ({ value: one.key, label: label(one) })),
      word: (key) => {
        const entry = entries.find((one) => one.key === key);
        return entry ? label(entry) : (key ?? "");
      },
    };
  }, [entries, i18n.language]);
}

/** A closed list in the reader's language: `useWords("status", STATUSES)`. */
export function useWords(group: string, values: readonly string[]): Words {
  const { t } = useTranslation("customers");
  return useMemo(() => {
    const word = (key: string | null | undefined) => (key ? t(`${group}.${key}`, { defaultValue: key }) : "");
    return { options: values.map((value) => ({ value, label: word(value) })), word };
  }, [t, group, values]);
}

const MOST_PEOPLE = 200;

/** Colleagues who may own a customer. */
export function usePeople(): Option[] {
  const people = useQuery({
    queryKey: keys.list("people", { limit: MOST_PEOPLE }),
    queryFn: ({ signal }) => ok(api.GET("/people", { params: { query: { limit: MOST_PEOPLE } }, signal })),
    staleTime: 5 * 60_000,
  });
  return useMemo(
    () => (people.data?.items ?? []).map((one) => ({ value: one.id, label: one.name })),
    [people.data],
  );
}
