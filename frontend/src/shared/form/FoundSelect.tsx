import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Select, useDebouncedValue } from "../ui";

interface Named {
  id: string;
  name: string;
}

export interface FoundProps<T extends Named> {
  label?: string;
  "aria-label"?: string;
  /** What is chosen already, so that its name shows before anything is searched. */
  chosen?: Named | null;
  value: string | null;
  onChange: (id: string | null, record?: T | Named) => void;
  error?: ReactNode;
  required?: boolean;
  clearable?: boolean;
  disabled?: boolean;
  placeholder?: string;
  autoFocus?: boolean;
  "data-autofocus"?: boolean;
}

interface Props<T extends Named> extends FoundProps<T> {
  /** Cache key of what is found for a text. */
  queryKey: (q: string) => readonly unknown[];
  find: (q: string, signal: AbortSignal) => Promise<T[]>;
  /** False where an empty text finds nobody in particular. */
  browsable?: boolean;
  words?: (record: T) => string;
  nothing: (q: string) => string;
}

/** A record found on the server while one types, by whatever it searches. */
export function FoundSelect<T extends Named>({
  chosen,
  onChange,
  queryKey,
  find,
  browsable = true,
  words = (one) => one.name,
  nothing,
  ...rest
}: Props<T>) {
  const [typed, setTyped] = useState("");
  const [settled] = useDebouncedValue(typed.trim(), 120);
  // The text of the chosen option is no search.
  const q = chosen && settled.startsWith(chosen.name) ? "" : settled;
  const found = useQuery({
    queryKey: queryKey(q),
    queryFn: ({ signal }) => find(q, signal),
    enabled: browsable || q.length > 0,
    placeholderData: keepPreviousData,
    staleTime: 30_000,
  });
  const items = found.data ?? [];
  const data = items.map((one) => ({ value: one.id, label: words(one) }));
  if (chosen && !items.some((one) => one.id === chosen.id))
    data.unshift({ value: chosen.id, label: chosen.name });
  // An open list must hold an option: that nothing was found is one that can't be chosen.
  const shown = data.length > 0 ? data : [{ value: "", label: nothing(q), disabled: true }];
  return (
    <Select
      searchable
      data={shown}
      filter={({ options }) => options}
      onChange={(id) =>
        onChange(
          id,
          items.find((one) => one.id === id) ?? (id === chosen?.id ? chosen : undefined) ?? undefined,
        )
      }
      onSearchChange={setTyped}
      {...rest}
    />
  );
}
