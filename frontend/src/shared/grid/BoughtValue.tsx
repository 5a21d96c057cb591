import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok } from "@/api";
import type { Ref } from "@/api/types";
import { MultiSelect, NumberInput, Stack, useDebouncedValue } from "../ui";
import type { Bought } from "./filters";

interface Props {
  value: Bought | undefined;
  onChange: (value: Bought) => void;
  bare: boolean;
}

const OFFERED = 30;
const NONE: Ref[] = [];

/** "Bought one of these, within so many days": products found while typing, whole categories and brands. */
export default function BoughtValue({ value, onChange, bare }: Props) {
  const { t } = useTranslation("grid");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 150);
  const ids = value?.ids ?? [];
  const categories = useGroups("categories");
  const brands = useGroups("brands");
  const found = useQuery({
    queryKey: keys.list("products", { picking: true, q, limit: OFFERED }),
    queryFn: ({ signal }) => ok(api.GET("/products", { params: { query: { q, limit: OFFERED } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const groups = [...categories.list, ...brands.list];
  const items = found.data?.items ?? NONE;
  const known = (id: string) => [...groups, ...items].some((one) => one.id === id);
  const chosen = useProducts(categories.ready && brands.ready ? ids.filter((id) => !known(id)) : []);
  const options = (list: Ref[]) => list.map((one) => ({ value: one.id, label: one.name }));
  const matching = (list: Ref[]) =>
    list.filter((one) => ids.includes(one.id) || one.name.toLowerCase().includes(q.toLowerCase()));
  const words = t("bought_what");
  return (
    <Stack gap="xs">
      <MultiSelect
        {...named(words, bare, ids.length === 0)}
        data={[
          { group: t("bought_group.products"), items: options([...chosen, ...items]) },
          { group: t("bought_group.categories"), items: options(matching(categories.list)) },
          { group: t("bought_group.brands"), items: options(matching(brands.list)) },
        ]}
        searchable
        onSearchChange={setTyped}
        filter={({ options: all }) => all}
        value={ids}
        onChange={(next) => onChange({ ...value, ids: next })}
        nothingFoundMessage={t("no_match")}
        comboboxProps={{ withinPortal: bare }}
        maxDropdownHeight={280}
      />
      <NumberInput
        {...named(t("bought_days"), bare, true)}
        min={1}
        max={36500}
        allowDecimal={false}
        suffix={bare ? t("bought_days_suffix") : undefined}
        value={value?.days ?? ""}
        onChange={(next) => {
          const { days: _, ...rest } = value ?? { ids };
          onChange(typeof next === "number" ? { ...rest, days: next } : rest);
        }}
      />
    </Stack>
  );
}

const named = (words: string, bare: boolean, placeholder: boolean) =>
  bare ? { "aria-label": words, placeholder: placeholder ? words : undefined } : { label: words };

/** Brands or categories: short lists that come whole. */
function useGroups(resource: "categories" | "brands") {
  const query = useQuery({
    queryKey: keys.list(resource),
    queryFn: async ({ signal }) => (await ok(api.GET(`/${resource}`, { signal }))).items,
    staleTime: 60_000,
  });
  return { list: query.data ?? NONE, ready: !query.isPending };
}

/** Products chosen earlier that are not among those just found. */
function useProducts(ids: string[]): Ref[] {
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: keys.one("products", id),
      queryFn: () => ok(api.GET("/products/{id}", { params: { path: { id } } })),
      staleTime: 60_000,
    })),
  }).flatMap((one) => one.data ?? []);
}
