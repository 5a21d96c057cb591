import { keepPreviousData, useQueries, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok } from "@/api";
import type { Page, Ref } from "@/api/types";
import { MultiSelect, NumberInput, Stack, useDebouncedValue } from "../ui";
import type { Bought } from "./filters";

interface Props {
  /** `orders.product`, `orders.category` or `orders.brand`. */
  field: string;
  value: Bought | undefined;
  onChange: (value: Bought) => void;
  bare: boolean;
}

const RESOURCES: Record<string, "products" | "categories" | "brands"> = {
  category: "categories",
  brand: "brands",
};

/** "Bought one of these, within so many days": products found by typing, brands and categories from their list. */
export default function BoughtValue({ field, value, onChange, bare }: Props) {
  const { t } = useTranslation("grid");
  const resource = RESOURCES[field.split(".").at(-1) ?? ""] ?? "products";
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 150);
  const found = useQuery({
    queryKey: keys.list(resource, { picking: true, q }),
    queryFn: ({ signal }) =>
      ok(
        api.GET(`/${resource}`, { params: { query: { q, limit: 50 } as never }, signal }),
      ) as unknown as Promise<Page<Ref>>,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const ids = value?.ids ?? [];
  const items = found.data?.items ?? [];
  // Names of what was chosen earlier and is not among what was just found.
  const named = useQueries({
    queries: ids
      .filter((id) => !items.some((one) => one.id === id))
      .map((id) => ({
        queryKey: keys.one(resource, id),
        queryFn: () =>
          ok(api.GET(`/${resource}/{id}`, { params: { path: { id } } })) as unknown as Promise<Ref>,
        staleTime: 60_000,
      })),
  }).flatMap((one) => one.data ?? []);
  const words = t("bought_what");
  return (
    <Stack gap="xs">
      <MultiSelect
        {...(bare
          ? { "aria-label": words, placeholder: ids.length === 0 ? words : undefined }
          : { label: words })}
        data={[...named, ...items].map((one) => ({ value: one.id, label: one.name }))}
        searchable
        onSearchChange={setTyped}
        filter={({ options }) => options}
        value={ids}
        onChange={(next) => onChange({ ...value, ids: next })}
        nothingFoundMessage={t("no_match")}
        comboboxProps={{ withinPortal: bare }}
      />
      <NumberInput
        {...(bare
          ? { "aria-label": t("bought_days"), placeholder: t("bought_days") }
          : { label: t("bought_days") })}
        min={1}
        max={36500}
        allowDecimal={false}
        value={value?.days ?? ""}
        onChange={(days) => {
          const { days: _, ...rest } = value ?? { ids };
          onChange(typeof days === "number" ? { ...rest, days } : rest);
        }}
      />
    </Stack>
  );
}
