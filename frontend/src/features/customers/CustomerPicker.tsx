import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok, type Ref, type Schema } from "@/api";
import { Select, useDebouncedValue } from "@/shared/ui";

type Hit = Schema<"CustomerHit">;

interface Props {
  label: string;
  chosen?: Ref | null;
  value: string | null;
  onChange: (id: string | null, customer?: Ref) => void;
  /** Never offered: the customer whose relation is being added. */
  except?: string;
  error?: React.ReactNode;
  required?: boolean;
  disabled?: boolean;
  "data-autofocus"?: boolean;
}

/** Finds a customer by name, pinyin, phone or code while one types. */
export function CustomerPicker({ chosen, value, onChange, except, ...rest }: Props) {
  const { t } = useTranslation("customers");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 120);
  const found = useQuery({
    queryKey: keys.list("search", { q, limit: 10 }),
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/search", { params: { query: { q, limit: 10 } }, signal }))).customers,
    enabled: q.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 10_000,
  });
  const hits = (found.data ?? []).filter((one) => one.id !== except);
  const words = (one: Hit) =>
    [one.name, one.code, one.phone_tail && `…${one.phone_tail}`].filter(Boolean).join(" · ");
  const data = hits.map((one) => ({ value: one.id, label: words(one) }));
  if (chosen && !hits.some((one) => one.id === chosen.id))
    data.unshift({ value: chosen.id, label: chosen.name });
  return (
    <Select
      searchable
      clearable
      data={data}
      filter={({ options }) => options}
      value={value}
      onChange={(id) =>
        onChange(id, id === chosen?.id ? (chosen ?? undefined) : hits.find((one) => one.id === id))
      }
      onSearchChange={setTyped}
      placeholder={t("pick_customer")}
      nothingFoundMessage={q ? t("nobody_found") : t("pick_customer")}
      {...rest}
    />
  );
}
