import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { useFormat } from "@/shared/format";
import { Select, useDebouncedValue } from "@/shared/ui";
import { fetchProducts } from "./queries";
import type { Product } from "./types";

interface Props {
  "aria-label": string;
  /** What is chosen already, so that its name shows before anything is searched. */
  chosen?: { id: string; name: string } | null;
  value: string | null;
  onChange: (product: Product | undefined) => void;
  error?: React.ReactNode;
  autoFocus?: boolean;
}

const OFFERED = 20;

/** Finds a product by name, pinyin or code while one types. */
export function ProductPicker({ chosen, value, onChange, ...rest }: Props) {
  const { t } = useTranslation("catalog");
  const f = useFormat();
  const [typed, setTyped] = useState("");
  const [debounced] = useDebouncedValue(typed.trim(), 120);
  // The text of the chosen option is no search.
  const q = chosen && debounced.startsWith(chosen.name) ? "" : debounced;
  const query = { q: q || undefined, limit: OFFERED };
  const found = useQuery({
    queryKey: keys.list("products", { picking: true, q }),
    queryFn: ({ signal }) => fetchProducts(query, signal),
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const items = (found.data?.items ?? []).filter((one) => one.active || one.id === value);
  const data = items.map((one) => ({
    value: one.id,
    label: [one.name, one.code, one.price && f.money(one.price)].filter(Boolean).join(" · "),
  }));
  if (chosen && !items.some((one) => one.id === chosen.id))
    data.unshift({ value: chosen.id, label: chosen.name });
  return (
    <Select
      searchable
      clearable
      data={data}
      filter={({ options }) => options}
      value={value}
      onChange={(id) => onChange(items.find((one) => one.id === id))}
      onSearchChange={setTyped}
      placeholder={t("pick")}
      nothingFoundMessage={t("none_found")}
      {...rest}
    />
  );
}
