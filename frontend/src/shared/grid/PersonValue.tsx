import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { api, keys, ok } from "@/api";
import type { Page, Ref } from "@/api/types";
import { MultiSelect, Select, useDebouncedValue } from "../ui";
import type { Named } from "./FilterValue";

interface Props {
  many: boolean;
  value: unknown;
  onChange: (value: unknown) => void;
  label: Named;
  bare: boolean;
}

const NAMED = 200;

/** The value of a condition on whose record it is. */
export default function PersonValue({ many, value, onChange, label, bare }: Props) {
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 150);
  const people = useQuery({
    queryKey: keys.list("people", { q, limit: NAMED }),
    queryFn: ({ signal }) =>
      ok(
        api.GET("/people", { params: { query: { q, limit: NAMED } as never }, signal }),
      ) as unknown as Promise<Page<Ref>>,
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const common = {
    ...label,
    searchable: true,
    data: (people.data?.items ?? []).map((one) => ({ value: one.id, label: one.name })),
    onSearchChange: setTyped,
    comboboxProps: { withinPortal: bare },
  };
  return many ? (
    <MultiSelect {...common} value={Array.isArray(value) ? value.map(String) : []} onChange={onChange} />
  ) : (
    <Select
      {...common}
      value={typeof value === "string" ? value : null}
      onChange={(id) => onChange(id ?? undefined)}
    />
  );
}
