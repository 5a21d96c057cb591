import { keepPreviousData, skipToken, useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok } from "@/api";
import type { Ref } from "@/api/types";
import { MultiSelect, Select, useDebouncedValue } from "../ui";
import type { Named } from "./FilterValue";
import type { RefSource } from "./filters";
import { namedOptions } from "./named";

interface Props {
  source: RefSource;
  many: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
  label: Named;
  bare: boolean;
}

const OFFERED = 50;

async function find(source: RefSource, q: string, signal: AbortSignal): Promise<Ref[]> {
  const params = { query: { q, limit: OFFERED } };
  switch (source) {
    case "customers":
      return q ? (await ok(api.GET("/search", { params, signal }))).customers : [];
    case "people":
    case "products":
      return (await ok(api.GET(`/${source}`, { params, signal }))).items;
    default: {
      // Short lists come whole.
      const { items } = await ok(api.GET(`/${source}`, { signal }));
      return items.filter((one) => one.name.toLowerCase().includes(q.toLowerCase()));
    }
  }
}

/** The value of a condition that names other records: colleagues, products, customers, found while typing. */
export default function RefValue({ source, many, value, onChange, label, bare }: Props) {
  const { t } = useTranslation("grid");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 150);
  const found = useQuery({
    queryKey: keys.list(source, { picking: true, q }),
    queryFn: ({ signal }) => find(source, q, signal),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const items = found.data ?? [];
  const ids = (Array.isArray(value) ? value : [value]).filter(
    (one): one is string => typeof one === "string",
  );
  const named = useNames(
    source,
    ids.filter((id) => !items.some((one) => one.id === id)),
  );
  const common = {
    ...label,
    searchable: true,
    data: namedOptions([...named, ...items]),
    onSearchChange: setTyped,
    nothingFoundMessage: t("no_match"),
    comboboxProps: { withinPortal: bare },
  };
  return many ? (
    <MultiSelect {...common} filter={({ options }) => options} value={ids} onChange={onChange} />
  ) : (
    <Select
      {...common}
      filter={({ options }) => options}
      value={ids[0] ?? null}
      onChange={(id) => onChange(id ?? undefined)}
    />
  );
}

/** Names of what was chosen earlier and is not among what was just found. */
function useNames(source: RefSource, ids: string[]): Ref[] {
  return useQueries({
    queries: ids.map((id) => ({
      queryKey: keys.part(source, id, "name"),
      queryFn:
        source === "people"
          ? skipToken
          : (): Promise<Ref> => ok(api.GET(`/${source}/{id}`, { params: { path: { id } } })),
      staleTime: 60_000,
    })),
  }).flatMap((one) => one.data ?? []);
}
