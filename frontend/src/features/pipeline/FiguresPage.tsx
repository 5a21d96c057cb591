import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api";
import { PersonPicker } from "@/features/access";
import { useDictionary } from "@/features/customers";
import { useFormat } from "@/shared/format";
import { dayIn } from "@/shared/format/day";
import { BarList, DateField, Figures, Group, Page, PageHeader, Panel, Select, Waiting } from "@/shared/ui";
import classes from "./Opportunity.module.css";
import { figuresQuery, pipelinesQuery } from "./queries";
import { SalesPlaces } from "./SalesPlaces";
import type { Figures as Told } from "./types";

/** What the pipeline was worth on a day, how long things stay, how many go on, and what is to come. */
export function FiguresPage() {
  const { t } = useTranslation("pipeline");
  const me = useMe();
  const search = useSearch({ from: "/_app/sales/figures" });
  const navigate = useNavigate({ from: "/sales/figures" });
  const pipelines = useQuery(pipelinesQuery);
  const pipeline = pipelines.data?.find((one) => one.id === search.pipeline) ?? pipelines.data?.[0];
  const today = dayIn(me.company.time_zone);
  const asked = { as_of: search.as_of, owner_id: search.owner };
  const figures = useQuery({ ...figuresQuery(pipeline?.id ?? "", asked), enabled: pipeline !== undefined });
  const put = (change: Partial<typeof search>) =>
    void navigate({ search: (old) => ({ ...old, ...change }), replace: true });
  return (
    <Page>
      <PageHeader title={t("figures_title")} actions={<SalesPlaces at="figures" />} />
      <Group gap="sm" align="flex-end">
        {(pipelines.data?.length ?? 0) > 1 && (
          <Select
            label={t("pipeline")}
            data={(pipelines.data ?? []).map((one) => ({ value: one.id, label: one.name }))}
            value={pipeline?.id ?? null}
            allowDeselect={false}
            onChange={(id) => put({ pipeline: id ?? undefined })}
          />
        )}
        <DateField
          label={t("as_of")}
          clearable
          value={search.as_of ?? today}
          maxDate={new Date(`${today}T00:00:00`)}
          onChange={(day) => put({ as_of: day && day !== today ? day : undefined })}
        />
        <PersonPicker
          label={t("field.owner")}
          clearable
          value={search.owner ?? null}
          onChange={(id) => put({ owner: id ?? undefined })}
        />
      </Group>
      <Waiting query={figures} rows={8} />
      {figures.data && <Shown told={figures.data} />}
    </Page>
  );
}

function Shown({ told }: { told: Told }) {
  const { t } = useTranslation("pipeline");
  const f = useFormat();
  const won = useDictionary("win_reason");
  const lost = useDictionary("loss_reason");
  const open = told.stages.filter((one) => one.status === "open");
  const count = open.reduce((sum, one) => sum + one.count, 0);
  const ended = (status: string) =>
    told.outcomes.filter((one) => one.status === status).reduce((sum, one) => sum + one.count, 0);
  return (
    <>
      <Figures
        figures={[
          { key: "open", label: t("open_count"), value: f.number(count) },
          { key: "won", label: t("won_count"), hint: t("period_hint"), value: f.number(ended("won")) },
          { key: "lost", label: t("lost_count"), hint: t("period_hint"), value: f.number(ended("lost")) },
          { key: "rate", label: t("win_rate"), hint: t("win_rate_hint"), value: f.percent(told.win_rate) },
        ]}
      />
      <Panel title={t("by_stage")} flush>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways can be scrolled with the keyboard */}
        <section className={classes.scroll} aria-label={t("by_stage")} tabIndex={0}>
          <table className={classes.table}>
            <thead>
              <tr>
                <th scope="col">{t("field.stage")}</th>
                <th scope="col">{t("count")}</th>
                <th scope="col">{t("field.amount")}</th>
                <th scope="col" title={t("weighted_hint")}>
                  {t("field.weighted")}
                </th>
                <th scope="col" title={t("median_hint")}>
                  {t("median")}
                </th>
                <th scope="col" title={t("conversion_hint")}>
                  {t("conversion")}
                </th>
                <th scope="col">{t("age.week")}</th>
                <th scope="col">{t("age.month")}</th>
                <th scope="col">{t("age.quarter")}</th>
                <th scope="col">{t("age.longer")}</th>
              </tr>
            </thead>
            <tbody>
              {told.stages.map((one) => (
                <tr key={one.stage.id}>
                  <td>
                    {one.stage.name} <span className="dim">{one.probability}%</span>
                  </td>
                  <td>{f.number(one.count)}</td>
                  <td>{f.money(one.amount)}</td>
                  <td>{f.money(one.weighted)}</td>
                  <td>
                    {one.median_days === null || one.median_days === undefined
                      ? "–"
                      : t("days", { n: one.median_days })}
                  </td>
                  <td>
                    {f.percent(one.conversion)}
                    {one.left > 0 && <span className="dim"> ({f.number(one.left)})</span>}
                  </td>
                  <td>{f.number(one.ages.week)}</td>
                  <td>{f.number(one.ages.month)}</td>
                  <td>{f.number(one.ages.quarter)}</td>
                  <td>{f.number(one.ages.longer)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </Panel>
      <div className={classes.columns}>
        <Panel title={t("forecast")}>
          {told.forecast.length === 0 ? (
            <p className="dim">{t("forecast_none")}</p>
          ) : (
            <BarList
              bars={told.forecast.map((one) => ({
                key: one.month ?? "none",
                label: one.month ?? t("no_day"),
                value: Number(one.weighted.amount),
                text: `${f.money(one.weighted)} / ${f.money(one.amount)} · ${f.number(one.count)}`,
              }))}
            />
          )}
        </Panel>
        <Panel title={t("outcomes")} flush>
          {told.outcomes.length === 0 && <p className={classes.nothing}>{t("outcomes_none")}</p>}
          <ul className={classes.rows}>
            {told.outcomes.map((one) => (
              <li key={`${one.status}${one.reason}`} className={classes.row}>
                <span className={classes.words}>
                  {t(`status.${one.status}`)}
                  <span className="dim">
                    {" · "}
                    {one.reason ? (one.status === "won" ? won : lost).word(one.reason) : "–"}
                  </span>
                </span>
                <span className="tabular">
                  {f.number(one.count)} · {f.money(one.amount)}
                </span>
              </li>
            ))}
          </ul>
        </Panel>
      </div>
    </>
  );
}
