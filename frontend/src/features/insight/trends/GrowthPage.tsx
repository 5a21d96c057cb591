import { IconTrendingUp } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api";
import { useFormat } from "@/shared/format";
import { EmptyState, Figures, Page, PageHeader, Panel, Waiting } from "@/shared/ui";
import { Definition } from "../Definition";
import { Basis } from "./Basis";
import { behind, type Growth, type GrowthCell, growthQuery, type TrendSearch } from "./queries";
import classes from "./Trends.module.css";

const Records = lazy(() => import("../pivots/Records"));

const ROWS = [
  ["existing_customers", ["penetration", "product_development"]],
  ["new_customers", ["market_development", "diversification"]],
] as const;

/** What of a period's sales came from customers and products that were there before, and what from new ones. */
export function GrowthPage() {
  const { t } = useTranslation("trends");
  const search = useSearch({ from: "/_app/insight_/growth" });
  const navigate = useNavigate();
  const put = (change: Partial<TrendSearch>) =>
    void navigate({ to: "/insight/growth", search: { ...search, ...change }, replace: true });
  const growth = useQuery(growthQuery(search));
  const period = growth.data?.period;
  const nothing = growth.data?.fields.every((one) => one.share === 0) ?? false;
  return (
    <Page>
      <PageHeader title={t("growth.title")} description={t("growth.about")} />
      <Basis
        fact="order_lines"
        search={search}
        put={put}
        span={period && { from: period.from, until: period.to }}
      />
      <Waiting query={growth} rows={8} />
      {nothing && (
        <EmptyState icon={<IconTrendingUp size={28} stroke={1.5} />} title={t("none")}>
          {t("none_hint")}
        </EmptyState>
      )}
      {growth.data && !nothing && <Shown growth={growth.data} />}
    </Page>
  );
}

function Shown({ growth }: { growth: Growth }) {
  const { t } = useTranslation("trends");
  const f = useFormat();
  const [opened, setOpened] = useState<Condition>();
  const cellOf = (field: string) => growth.fields.find((one) => one.field === field);
  return (
    <>
      <Figures
        size="lg"
        figures={[
          { key: "total", label: t("growth.total"), value: f.short(growth.total) },
          {
            key: "repeat",
            label: t("growth.repeat"),
            value: f.percent(growth.repeat_rate, 1),
            hint: t("growth.repeat_hint", {
              repeaters: f.number(growth.repeaters),
              buyers: f.number(growth.new_buyers),
            }),
          },
          {
            key: "referral",
            label: t("growth.referral"),
            value: f.percent(growth.referral_share, 1),
            hint: t("growth.referral_hint"),
          },
          { key: "products", label: t("growth.new_product_count"), value: f.number(growth.new_products) },
        ]}
      />
      <Panel title={<Definition term={t("growth.matrix")} text={t("growth.hint")} />} flush>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard */}
        <section className={classes.scroll} aria-label={t("growth.matrix")} tabIndex={0}>
          <table className={classes.matrix}>
            <thead>
              <tr>
                <td />
                <th scope="col">{t("growth.existing_products")}</th>
                <th scope="col">{t("growth.new_products")}</th>
              </tr>
            </thead>
            <tbody>
              {ROWS.map(([row, fields]) => (
                <tr key={row}>
                  <th scope="row">{t(`growth.${row}`)}</th>
                  {fields.map((field) => (
                    <Cell key={field} cell={cellOf(field)} onOpen={setOpened} />
                  ))}
                </tr>
              ))}
            </tbody>
          </table>
        </section>
      </Panel>
      <Suspense>
        {opened && (
          <Records
            query={behind("order_lines", growth.period.from, growth.period.to, opened)}
            at={{}}
            onClose={() => setOpened(undefined)}
          />
        )}
      </Suspense>
    </>
  );
}

function Cell({ cell, onOpen }: { cell?: GrowthCell; onOpen: (condition: Condition) => void }) {
  const { t } = useTranslation("trends");
  const f = useFormat();
  if (!cell) return <td />;
  const strength = `${Math.round(Math.max(cell.share, 0) * 45)}%`;
  const words = (
    <>
      <span className={classes.name}>{t(`growth.${cell.field}`)}</span>
      <span className={classes.worth}>{f.money(cell.revenue)}</span>
      <span>{f.percent(cell.share, 1)}</span>
    </>
  );
  const { condition } = cell;
  return (
    <td style={{ "--strength": strength } as React.CSSProperties} data-heat>
      {condition ? (
        <button type="button" onClick={() => onOpen(condition as Condition)}>
          {words}
        </button>
      ) : (
        words
      )}
    </td>
  );
}
