import { IconAdjustmentsHorizontal, IconArrowsExchange } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Button, EmptyState, Page, PageHeader, Panel, Waiting } from "@/shared/ui";
import { Definition } from "./Definition";
import classes from "./Insight.module.css";
import { type RelationBucket, type RelationSpread, relationsQuery } from "./outlook";
import { Drill } from "./RfmPanel";

const OutlookSettings = lazy(() => import("./OutlookSettings"));

/** Where customers stand: phase of life, loyalty class, value by loyalty, the eight situations. */
export function RelationsPage() {
  const { t } = useTranslation("outlook");
  const f = useFormat();
  const spread = useQuery(relationsQuery);
  const maySet = useCan("platform:settings:write");
  const [setting, setSetting] = useState(false);
  return (
    <Page>
      <PageHeader
        title={t("relations.title")}
        description={
          spread.data?.as_of ? t("relations.as_of", { date: f.date(spread.data.as_of) }) : undefined
        }
        actions={
          maySet && (
            <Button
              variant="default"
              leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.6} />}
              onClick={() => setSetting(true)}
            >
              {t("relations.settings")}
            </Button>
          )
        }
      />
      <Waiting query={spread} rows={12} />
      {spread.data?.buyers === 0 && (
        <EmptyState icon={<IconArrowsExchange size={28} stroke={1.5} />} title={t("relations.none")}>
          {t("relations.none_hint")}
        </EmptyState>
      )}
      {spread.data && spread.data.buyers > 0 && <Shown spread={spread.data} />}
      <Suspense>{setting && <OutlookSettings onClose={() => setSetting(false)} />}</Suspense>
    </Page>
  );
}

function Shown({ spread }: { spread: RelationSpread }) {
  const { t } = useTranslation("outlook");
  const asked = spread.situations.some((one) => one.count > 0);
  return (
    <div className={classes.columns}>
      <Buckets of="lifecycle" rows={spread.lifecycle} />
      <Buckets of="loyalty_class" rows={spread.loyalty_classes} />
      <Buckets of="matrix" rows={spread.matrix} />
      {asked ? (
        <Buckets of="situation" rows={spread.situations} />
      ) : (
        <Panel title={<Definition term={t("situation.title")} text={t("situation.hint")} />}>
          {t("situation.nobody")}
        </Panel>
      )}
    </div>
  );
}

/** How many are in each, what they bought and what is expected of them; every number opens its customers. */
function Buckets({
  of,
  rows,
}: {
  of: "lifecycle" | "loyalty_class" | "matrix" | "situation";
  rows: RelationBucket[];
}) {
  const { t } = useTranslation("outlook");
  const f = useFormat();
  const all = rows.reduce((sum, one) => sum + one.count, 0) || 1;
  return (
    <Panel title={<Definition term={t(`${of}.title`)} text={t(`${of}.hint`)} />} flush>
      <SimpleTable
        label={t(`${of}.title`)}
        rows={rows}
        rowKey={(one) => one.key}
        columns={[
          { id: "key", header: t(`${of}.one`), cell: (one) => t(`${of}.${one.key}`) },
          {
            id: "bar",
            header: t("relations.share"),
            width: "28%",
            cell: (one) => (
              <span className={classes.bar}>
                <span style={{ width: `${(one.count / all) * 100}%` }} />
                <span className="tabular">{f.percent(one.count / all, 1)}</span>
              </span>
            ),
          },
          {
            id: "count",
            header: t("relations.customers"),
            align: "right",
            cell: (one) => <Drill condition={one.condition}>{f.number(one.count)}</Drill>,
          },
          {
            id: "net",
            header: t("relations.net"),
            align: "right",
            wide: true,
            cell: (one) => f.money(one.net),
          },
          {
            id: "value",
            header: t("relations.value"),
            align: "right",
            cell: (one) => f.money(one.lifetime_value),
          },
        ]}
      />
    </Panel>
  );
}
