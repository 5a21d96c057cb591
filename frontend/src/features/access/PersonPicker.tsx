import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok, type Ref } from "@/api";
import { Select, useDebouncedValue } from "@/shared/ui";

interface Props {
  label: string;
  /** The person already chosen, so that the name shows before anything is searched. */
  chosen?: Ref | null;
  value: string | null;
  onChange: (id: string | null, person?: Ref) => void;
  error?: React.ReactNode;
  required?: boolean;
  clearable?: boolean;
  placeholder?: string;
}

/** Picks a colleague by name from the directory the caller may see: owners, leaders, assignees. */
export function PersonPicker({ chosen, value, onChange, ...rest }: Props) {
  const { t } = useTranslation("access");
  const [typed, setTyped] = useState("");
  const [q] = useDebouncedValue(typed.trim(), 150);
  const people = useQuery({
    queryKey: keys.list("people", q),
    queryFn: ({ signal }) => ok(api.GET("/people", { params: { query: { q, limit: 20 } }, signal })),
    placeholderData: keepPreviousData,
    staleTime: 60_000,
  });
  const found = people.data?.items ?? [];
  const all = chosen && !found.some((one) => one.id === chosen.id) ? [chosen, ...found] : found;
  return (
    <Select
      searchable
      data={all.map((one) => ({ value: one.id, label: one.name }))}
      filter={({ options }) => options}
      value={value}
      onChange={(id) =>
        onChange(
          id,
          all.find((one) => one.id === id),
        )
      }
      onSearchChange={setTyped}
      nothingFoundMessage={t("nobody_found")}
      {...rest}
    />
  );
}
