import { IconSnowflake } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api";
import { currentLanguage } from "@/app/i18n";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import {
  Alert,
  Button,
  EmptyState,
  Page,
  PageHeader,
  Panel,
  SegmentedControl,
  Select,
  Skeleton,
  Waiting,
} from "@/shared/ui";
import { Definition } from "../Definition";
import classes from "../Insight.module.css";
import { shown } from "../pivots/figures";
import { Basis, useFact } from "./Basis";
import { behind, type Season, seasonQuery, type TrendSearch } from "./queries";

const SeasonChart = lazy(() => import("../charts/SeasonChart"));
const Records = lazy(() => import("../pivots/Records"));

const TOO_SHORT = "season_too_short";

/** Whether the server said that there are too few full years. */
function tooShort(error: unknown): boolean {
  return error instanceof ApiProblem && error.errors.some((one) => one.code === TOO_SHORT);
}

/** How much of a year falls on each month. */
export function SeasonPage() {
  const { t } = useTranslation("trends");
  const search = useSearch({ from: "/_app/insight_/seasonality" });
  const navigate = useNavigate();
  const put = (change: Partial<TrendSearch>) =>
    void navigate({ to: "/insight/seasonality", search: { ...search, ...change }, replace: true });
  const season = useQuery(seasonQuery(search, currentLanguage()));
  const fact = useFact("order_lines");
  const short = season.isError && tooShort(season.error);
  return (
    <Page>
      <PageHeader title={t("season.title")} description={t("season.about")} />
      <Basis fact="order_lines" search={search} put={put}>
        <Select
          w={160}
          label={t("measure")}
          allowDeselect={false}
          value={search.measure ?? "amount"}
          data={fact?.measures.map((one) => ({ value: one.field, label: one.label })) ?? []}
          onChange={(measure) => put({ measure: measure ?? undefined })}
        />
        <SegmentedControl
          aria-label={t("season.years")}
          value={String(search.years ?? 3)}
          onChange={(years) => put({ years: Number(years) })}
          data={[2, 3, 5].map((years) => ({
            value: String(years),
            label: t("season.year_count", { count: years }),
          }))}
        />
      </Basis>
      {short ? (
        <EmptyState icon={<IconSnowflake size={28} stroke={1.5} />} title={t("season.short")}>
          {t("season.short_hint")}
        </EmptyState>
      ) : (
        <Waiting query={season} rows={12} />
      )}
      {season.data && !season.isError && <Shown season={season.data} filter={search.filter} />}
    </Page>
  );
}

function Shown({ season, filter }: { season: Season; filter: TrendSearch["filter"] }) {
  const { t } = useTranslation("trends");
  const f = useFormat();
  const [year, setYear] = useState<number>();
  const months = new Intl.DateTimeFormat(currentLanguage(), { month: "short", timeZone: "UTC" });
  const name = (month: number) => months.format(Date.UTC(2024, month - 1, 1));
  const figure = (value: string | undefined) =>
    season.measure && value ? shown(f, season.measure, value) : value;
  const highest = Math.max(...season.months.map((one) => one.index), 1);
  return (
    <>
      {season.few_years && (
        <Alert color="yellow" title={t("season.few")}>
          {t("season.few_hint", { wanted: season.years_wanted, found: season.years.length })}
        </Alert>
      )}
      <Panel title={<Definition term={t("season.index")} text={t("season.hint")} />} flush>
        <Suspense fallback={<Skeleton height={240} mx="md" my="xs" />}>
          <SeasonChart
            label={t("season.chart")}
            months={season.months.map((one) => ({ name: name(one.month), index: one.index }))}
          />
        </Suspense>
        <SimpleTable
          label={t("season.title")}
          rows={season.months}
          rowKey={(one) => String(one.month)}
          columns={[
            { id: "month", header: t("season.month"), cell: (one) => name(one.month) },
            {
              id: "index",
              header: t("season.index"),
              width: "24%",
              cell: (one) => (
                <span className={classes.bar}>
                  <span style={{ width: `${(Math.max(one.index, 0) / highest) * 70}%` }} />
                  <span className="tabular">{f.number(one.index, 3)}</span>
                </span>
              ),
            },
            { id: "mean", header: t("season.mean"), align: "right", cell: (one) => figure(one.mean) },
            ...season.years.map((one) => ({
              id: String(one.year),
              header: (
                <Button size="compact-sm" variant="subtle" onClick={() => setYear(one.year)}>
                  {String(one.year)}
                </Button>
              ),
              align: "right" as const,
              wide: true,
              cell: (month: Season["months"][number]) => figure(one.months[month.month - 1]),
            })),
          ]}
        />
      </Panel>
      <Suspense>
        {year !== undefined && (
          <Records
            query={behind("order_lines", `${year}-01-01`, `${year}-12-31`, filter)}
            at={{}}
            onClose={() => setYear(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}
