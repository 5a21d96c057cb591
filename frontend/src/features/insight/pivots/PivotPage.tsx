import {
  IconArrowsLeftRight,
  IconChartAreaLine,
  IconChartBar,
  IconChartLine,
  IconChartPie,
  IconFilter,
  IconGridDots,
  IconLayoutDashboard,
  IconTable,
} from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { currentLanguage } from "@/app/i18n";
import { useFormat } from "@/shared/format";
import {
  Button,
  EmptyState,
  ErrorState,
  Group,
  IconButton,
  Page,
  PageHeader,
  Panel,
  Select,
  Skeleton,
  Text,
} from "@/shared/ui";
import { Download } from "./Download";
import { FieldList } from "./FieldList";
import { PeriodPicker } from "./PeriodPicker";
import classes from "./Pivots.module.css";
import { PivotTable } from "./PivotTable";
import { additive } from "./pie";
import { type At, factsQuery, tableQuery } from "./queries";
import { SavedPivots } from "./SavedPivots";
import { MeasureShelf, Shelf } from "./Shelves";
import { FIRST, turned, withFact } from "./state";
import type { Fact, PivotSearch, Query } from "./types";

const PivotChart = lazy(() => import("./PivotChart"));
const PutOnBoard = lazy(() => import("./PutOnBoard"));
const Records = lazy(() => import("./Records"));
const FilterDialog = lazy(() => import("@/shared/condition/AdvancedDialog"));

/** Facts divided by any two sides: fields are dragged, or chosen from menus, onto rows and columns. */
export function PivotPage() {
  const { t } = useTranslation("pivots");
  const facts = useQuery(factsQuery(currentLanguage()));
  const mayBoard = useCan("insight:metric:read");
  const [putting, setPutting] = useState(false);
  const search = useSearch({ from: "/_app/pivots" });
  const navigate = useNavigate();
  const put = (change: Partial<PivotSearch>) =>
    void navigate({ to: "/pivots", search: { ...search, ...change }, replace: true });
  const known = facts.data?.items;
  const asked = search.query ?? FIRST;
  const fact = known?.find((one) => one.fact === asked.fact) ?? known?.[0];
  // Who may not see what the page begins with begins with what they see.
  const query = fact && fact.fact !== asked.fact ? withFact(asked, fact) : asked;
  return (
    <Page>
      <PageHeader
        title={t("title")}
        description={t("hint")}
        actions={
          <>
            {mayBoard && known && fact && (
              <Button
                variant="default"
                leftSection={<IconLayoutDashboard size={16} stroke={1.6} />}
                onClick={() => setPutting(true)}
              >
                {t("board.put")}
              </Button>
            )}
            <SavedPivots query={query} chart={search.chart} view={search.view} onShow={put} />
          </>
        }
      />
      {facts.isError && <ErrorState error={facts.error} onRetry={() => void facts.refetch()} />}
      {facts.isPending && <Skeleton height={320} />}
      {known && !fact && <EmptyState title={t("facts_none")}>{t("facts_none_hint")}</EmptyState>}
      {known && fact && (
        <Workbench
          facts={known}
          fact={fact}
          query={query}
          chart={search.chart}
          put={put}
          onQuery={(next) => put({ query: next })}
        />
      )}
      <Suspense>
        {putting && (
          <PutOnBoard
            query={query}
            chart={search.chart}
            view={search.view}
            onClose={() => setPutting(false)}
          />
        )}
      </Suspense>
    </Page>
  );
}

interface WorkbenchProps {
  facts: Fact[];
  fact: Fact;
  query: Query;
  chart: PivotSearch["chart"];
  put: (change: Partial<PivotSearch>) => void;
  onQuery: (query: Query) => void;
}

function Workbench({ facts, fact, query, chart, put, onQuery }: WorkbenchProps) {
  const { t } = useTranslation("pivots");
  const f = useFormat();
  const table = useQuery(tableQuery(query, currentLanguage()));
  const [filtering, setFiltering] = useState(false);
  const [opened, setOpened] = useState<At>();
  const charts = [
    [undefined, IconTable, "chart.table"],
    ["bar", IconChartBar, "chart.bar"],
    ["line", IconChartLine, "chart.line"],
    ["area", IconChartAreaLine, "chart.area"],
    ["pie", IconChartPie, "chart.pie"],
    ["heat", IconGridDots, "chart.heat"],
  ] as const;
  return (
    <div className={classes.workbench}>
      <div className={classes.side}>
        <Select
          label={t("fact")}
          data={facts.map((one) => ({ value: one.fact, label: one.label }))}
          value={fact.fact}
          allowDeselect={false}
          onChange={(key) => {
            const next = facts.find((one) => one.fact === key);
            if (next) onQuery(withFact(query, next, fact));
          }}
        />
        <PeriodPicker query={query} onChange={onQuery} />
        <FieldList fact={fact} query={query} onQuery={onQuery} />
      </div>
      <div className={classes.main}>
        <div className={classes.shelves}>
          <Shelf side="rows" fact={fact} query={query} onQuery={onQuery} />
          <Shelf side="columns" fact={fact} query={query} onQuery={onQuery} />
          <MeasureShelf fact={fact} query={query} onQuery={onQuery} />
        </div>
        <Group gap="xs" justify="space-between">
          <Group gap="xs">
            <Button
              variant={query.filter ? "light" : "default"}
              leftSection={<IconFilter size={16} stroke={1.6} />}
              onClick={() => setFiltering(true)}
            >
              {query.filter ? t("filtered") : t("filter")}
            </Button>
            {query.filter && (
              <Button variant="subtle" onClick={() => onQuery({ ...query, filter: undefined })}>
                {t("filter_none")}
              </Button>
            )}
            <IconButton label={t("turn")} size="lg" variant="default" onClick={() => onQuery(turned(query))}>
              <IconArrowsLeftRight size={18} stroke={1.6} />
            </IconButton>
          </Group>
          <Group gap="xs">
            <Group gap={4} role="group" aria-label={t("chart.label")}>
              {charts.map(([kind, Icon, label]) => (
                <IconButton
                  key={label}
                  label={t(label)}
                  size="lg"
                  variant={chart === kind ? "light" : "subtle"}
                  aria-pressed={chart === kind}
                  onClick={() => put({ chart: kind })}
                >
                  <Icon size={18} stroke={1.6} />
                </IconButton>
              ))}
            </Group>
            <Download table={table.data} query={query} />
          </Group>
        </Group>
        <Panel flush>
          {table.isError && <ErrorState error={table.error} onRetry={() => void table.refetch()} />}
          {table.isPending && <Skeleton height={280} m="md" />}
          {table.data && !table.isError && table.data.rows.length === 0 && (
            <EmptyState title={t("empty")}>{t("empty_hint")}</EmptyState>
          )}
          {table.data && !table.isError && table.data.rows.length > 0 && (
            <>
              {chart && chart !== "heat" && (
                <Suspense fallback={<Skeleton height={320} m="md" />}>
                  <PivotChart table={table.data} kind={chart} additive={additive(query)} />
                </Suspense>
              )}
              <PivotTable
                table={table.data}
                query={query}
                fact={fact}
                busy={table.isPlaceholderData}
                heat={chart === "heat"}
                onQuery={onQuery}
                onOpen={setOpened}
              />
            </>
          )}
        </Panel>
        {table.data && !table.isError && (
          <Text size="xs" c="dimmed">
            {t(`as_of.${table.data.executor}`, { at: f.dateTime(table.data.as_of) })}
          </Text>
        )}
      </div>
      <Suspense>
        {filtering && (
          <FilterDialog
            fields={fact.fields.map(({ group: _group, ...field }) => field)}
            initial={query.filter ?? undefined}
            onApply={(filter) => {
              onQuery({ ...query, filter });
              setFiltering(false);
            }}
            onClose={() => setFiltering(false)}
          />
        )}
        {opened && <Records query={query} at={opened} onClose={() => setOpened(undefined)} />}
      </Suspense>
    </div>
  );
}
