import { IconAdjustmentsHorizontal, IconCar } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api";
import { useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { placesOf, scaled, trimmed, written } from "@/shared/format/decimal";
import { SimpleTable } from "@/shared/grid";
import { Button, EmptyState, Page, PageHeader, Panel, Waiting } from "@/shared/ui";
import { LifetimePlaces } from "../LifetimePlaces";
import { Drill } from "../RfmPanel";
import { type Durable, durablesQuery } from "./queries";

const DurablesSettings = lazy(() => import("./DurablesSettings"));

/** Goods that nobody buys often: what their buyers are worth yet, part by part. */
export function DurablesPage() {
  const { t, i18n } = useTranslation("durables");
  const f = useFormat();
  const durables = useQuery(durablesQuery);
  const maySet = useCan("platform:settings:write");
  const [setting, setSetting] = useState(false);
  const items = durables.data?.items;
  const money = (one: Durable, minor: number) => {
    const { currency } = one.value;
    return f.money({ amount: written(BigInt(minor), placesOf(currency)), currency });
  };
  const all = items?.[0] && {
    amount: written(
      items.reduce((sum, one) => sum + scaled(one.total.amount, placesOf(one.total.currency)), 0n),
      placesOf(items[0].total.currency),
    ),
    currency: items[0].total.currency,
  };
  return (
    <Page>
      <PageHeader
        title={t("title")}
        description={t("about")}
        actions={
          maySet && (
            <Button
              variant="default"
              leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.6} />}
              onClick={() => setSetting(true)}
            >
              {t("settings")}
            </Button>
          )
        }
      />
      <LifetimePlaces at="durables" />
      <Waiting query={durables} rows={6} />
      {items?.length === 0 && (
        <EmptyState icon={<IconCar size={28} stroke={1.5} />} title={t("none")}>
          {t(maySet ? "none_hint" : "none_asked")}
        </EmptyState>
      )}
      {items && items.length > 0 && (
        <Panel title={t("formula")} flush>
          <SimpleTable
            label={t("title")}
            rows={items}
            rowKey={(one) => one.settings.key}
            columns={[
              {
                id: "name",
                header: t("group"),
                cell: (one) => (i18n.language.startsWith("zh") ? one.settings.name_zh : one.settings.name_en),
              },
              {
                id: "units",
                header: t("units"),
                align: "right",
                wide: true,
                cell: (one) =>
                  t("units_times", {
                    units: trimmed(written(BigInt(one.settings.units), 3)),
                    price: money(one, one.settings.price),
                  }),
              },
              {
                id: "parts",
                header: t("parts"),
                align: "right",
                wide: true,
                cell: (one) => money(one, one.settings.parts),
              },
              {
                id: "service",
                header: t("service"),
                align: "right",
                wide: true,
                cell: (one) => money(one, one.settings.service),
              },
              {
                id: "finance",
                header: t("finance"),
                align: "right",
                wide: true,
                cell: (one) => money(one, one.settings.finance),
              },
              { id: "value", header: t("value"), align: "right", cell: (one) => f.money(one.value) },
              {
                id: "customers",
                header: t("customers"),
                align: "right",
                cell: (one) => (
                  <Drill condition={one.condition as Condition}>{f.number(one.customers)}</Drill>
                ),
              },
              {
                id: "total",
                header: t("total"),
                align: "right",
                cell: (one) => <strong>{f.money(one.total)}</strong>,
              },
            ]}
          />
        </Panel>
      )}
      {items && items.length > 1 && all && <p className="dim">{t("sum", { total: f.money(all) })}</p>}
      <Suspense>{setting && <DurablesSettings onClose={() => setSetting(false)} />}</Suspense>
    </Page>
  );
}
