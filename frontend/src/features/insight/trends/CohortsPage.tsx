import { IconTriangle } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api";
import { useFormat } from "@/shared/format";
import { EmptyState, Figures, Page, PageHeader, Panel, SegmentedControl, Waiting } from "@/shared/ui";
import { Definition } from "../Definition";
import { Drill } from "../RfmPanel";
import { Basis } from "./Basis";
import { all, type Cohort, type Cohorts, cohortsQuery, type TrendSearch } from "./queries";
import classes from "./Trends.module.css";

const Buyers = lazy(() => import("./Buyers"));

type Shows = "retention" | "active" | "revenue";

/** A month of a cohort: its first and last day, and whose it is. */
export interface Cell {
  title: string;
  from: string;
  to: string;
  filter?: Condition;
}

/** The first day of the month so many months later, and that month's last day. */
function monthAfter(month: string, later: number): { from: string; to: string } {
  const [year = 0, first = 1] = month.split("-").map(Number);
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return { from: day(Date.UTC(year, first - 1 + later, 1)), to: day(Date.UTC(year, first + later, 0)) };
}

/** Who came when, and who of them came back. */
export function CohortsPage() {
  const { t } = useTranslation("trends");
  const f = useFormat();
  const search = useSearch({ from: "/_app/insight_/cohorts" });
  const navigate = useNavigate();
  const put = (change: Partial<TrendSearch>) =>
    void navigate({ to: "/insight/cohorts", search: { ...search, ...change }, replace: true });
  const cohorts = useQuery(cohortsQuery(search));
  const [shows, setShows] = useState<Shows>("retention");
  const { data } = cohorts;
  return (
    <Page>
      <PageHeader title={t("cohorts.title")} description={t("cohorts.about")} />
      <Basis fact="orders" search={search} put={put} span={data && { from: data.from, until: data.until }}>
        <SegmentedControl
          aria-label={t("cohorts.shows")}
          value={shows}
          onChange={(value) => setShows(value as Shows)}
          data={(["retention", "active", "revenue"] as const).map((value) => ({
            value,
            label: t(`cohorts.${value}`),
          }))}
        />
      </Basis>
      <Waiting query={cohorts} rows={12} />
      {data?.cohorts.length === 0 && (
        <EmptyState icon={<IconTriangle size={28} stroke={1.5} />} title={t("none")}>
          {t("none_hint")}
        </EmptyState>
      )}
      {data && data.cohorts.length > 0 && (
        <>
          <Figures
            size="lg"
            figures={[
              { key: "buyers", label: t("cohorts.buyers"), value: f.number(data.buyers) },
              {
                key: "repeaters",
                label: t("cohorts.repeaters"),
                value: f.number(data.repeaters),
                hint: t("cohorts.repeaters_hint"),
              },
              {
                key: "rate",
                label: t("cohorts.rate"),
                value: f.percent(data.repeat_rate, 1),
                hint: t("cohorts.rate_hint"),
              },
            ]}
          />
          <Triangle cohorts={data} shows={shows} filter={search.filter} />
        </>
      )}
    </Page>
  );
}

interface TriangleProps {
  cohorts: Cohorts;
  shows: Shows;
  filter: TrendSearch["filter"];
}

function Triangle({ cohorts: { cohorts }, shows, filter }: TriangleProps) {
  const { t } = useTranslation("trends");
  const [cell, setCell] = useState<Cell>();
  const width = Math.max(...cohorts.map((cohort) => cohort.months.length));
  const worth = (month: Cohort["months"][number]) =>
    shows === "revenue" ? Math.max(Number(month.revenue.amount), 0) : month[shows];
  const most = Math.max(...cohorts.flatMap((cohort) => cohort.months.slice(1).map(worth)), 0) || 1;
  return (
    <Panel title={<Definition term={t(`cohorts.${shows}`)} text={t("cohorts.hint")} />} flush>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
      <section className={classes.scroll} aria-label={t("cohorts.title")} tabIndex={0}>
        <table className={classes.triangle}>
          <thead>
            <tr>
              <th scope="col">{t("cohorts.month")}</th>
              <th scope="col">{t("cohorts.size")}</th>
              {Array.from({ length: width }, (_, later) => (
                // biome-ignore lint/suspicious/noArrayIndexKey: the index is what the column is of
                <th key={later} scope="col">
                  {t("cohorts.later", { count: later })}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {cohorts.map((cohort) => (
              <Row
                key={cohort.month}
                cohort={cohort}
                shows={shows}
                strength={(month) => Math.min(worth(month) / most, 1)}
                onOpen={(later) => {
                  const { from, to } = monthAfter(cohort.month, 0);
                  const field = "customer.metrics.first_order_on";
                  const theirs: Condition = { field, op: "between", value: [from, to] };
                  setCell({
                    title: t("cohorts.behind", { month: cohort.month.slice(0, 7), count: later }),
                    ...monthAfter(cohort.month, later),
                    filter: all(filter, theirs),
                  });
                }}
              />
            ))}
          </tbody>
        </table>
      </section>
      <Suspense>{cell && <Buyers cell={cell} onClose={() => setCell(undefined)} />}</Suspense>
    </Panel>
  );
}

interface RowProps {
  cohort: Cohort;
  shows: Shows;
  strength: (month: Cohort["months"][number]) => number;
  onOpen: (later: number) => void;
}

function Row({ cohort, shows, strength, onOpen }: RowProps) {
  const { t } = useTranslation("trends");
  const f = useFormat();
  return (
    <tr>
      <th scope="row">{cohort.month.slice(0, 7)}</th>
      <td>
        <Drill condition={cohort.condition as Condition}>{f.number(cohort.size)}</Drill>
      </td>
      {cohort.months.map((month, later) => {
        const text =
          shows === "retention"
            ? f.percent(month.retention, 1)
            : shows === "active"
              ? f.number(month.active)
              : f.short(month.revenue);
        return (
          <td
            // biome-ignore lint/suspicious/noArrayIndexKey: the index is what the cell is of
            key={later}
            style={{ "--strength": `${Math.round(strength(month) * 45)}%` } as React.CSSProperties}
            data-heat
          >
            {month.active === 0 ? (
              text
            ) : (
              <button
                type="button"
                title={t("cohorts.cell", {
                  count: month.active,
                  share: f.percent(month.retention, 1),
                  revenue: f.money(month.revenue),
                })}
                onClick={() => onOpen(later)}
              >
                {text}
              </button>
            )}
          </td>
        );
      })}
    </tr>
  );
}
