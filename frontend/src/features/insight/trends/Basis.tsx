import { IconFilter } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { currentLanguage } from "@/app/i18n";
import { Button, DateField, Group } from "@/shared/ui";
import { factsQuery } from "../pivots/queries";
import type { Fact } from "../pivots/types";
import type { TrendSearch } from "./queries";

const FilterDialog = lazy(() => import("@/shared/condition/AdvancedDialog"));

/** The facts that figures are made of, with their fields. */
export function useFact(name: Fact["fact"]): Fact | undefined {
  const facts = useQuery(factsQuery(currentLanguage()));
  return facts.data?.items.find((one) => one.fact === name);
}

interface Props {
  fact: Fact["fact"];
  search: TrendSearch;
  put: (change: Partial<TrendSearch>) => void;
  /** Whether days can be chosen. */
  span?: { from: string; until: string };
  children?: ReactNode;
}

/** What the figures of a page are of: its own choices, days, a condition. */
export function Basis({ fact, search, put, span, children }: Props) {
  const { t } = useTranslation("trends");
  const known = useFact(fact);
  const [filtering, setFiltering] = useState(false);
  return (
    <Group gap="sm" align="flex-end" role="group" aria-label={t("basis")}>
      {children}
      {span && (
        <>
          <DateField
            w={160}
            label={t("from")}
            value={search.from ?? span.from}
            onChange={(from) => put({ from: from ?? undefined })}
          />
          <DateField
            w={160}
            label={t("until")}
            value={search.until ?? span.until}
            onChange={(until) => put({ until: until ?? undefined })}
          />
        </>
      )}
      <Button
        variant={search.filter ? "light" : "default"}
        leftSection={<IconFilter size={16} stroke={1.6} />}
        onClick={() => setFiltering(true)}
      >
        {search.filter ? t("filtered") : t("filter")}
      </Button>
      {search.filter && (
        <Button variant="subtle" onClick={() => put({ filter: undefined })}>
          {t("filter_none")}
        </Button>
      )}
      <Suspense>
        {filtering && known && (
          <FilterDialog
            fields={known.fields.map(({ group: _group, ...field }) => field)}
            initial={search.filter}
            onApply={(filter) => {
              put({ filter });
              setFiltering(false);
            }}
            onClose={() => setFiltering(false)}
          />
        )}
      </Suspense>
    </Group>
  );
}
