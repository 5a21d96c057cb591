import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { ClassMark } from "@/features/customers";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Panel, Skeleton, Tooltip } from "@/shared/ui";
import { Definition } from "./Definition";
import classes from "./Insight.module.css";
import { Drill } from "./RfmPanel";
import type { Overview } from "./types";

const ValueChart = lazy(() => import("./charts/ValueChart"));

export function ValuePanel({ overview }: { overview: Overview }) {
  const { t } = useTranslation("insight");
  const f = useFormat();
  return (
    <Panel title={<Definition term={t("value.title")} text={t("value.hint")} />} flush>
      <div className={classes.legend} aria-hidden="true">
        <span data-series="main">{t("customer_share")}</span>
        <span data-series="accent">{t("abc.share")}</span>
      </div>
      <Suspense fallback={<Skeleton height={190} mx="md" my="xs" />}>
        <ValueChart buckets={overview.value} />
      </Suspense>
      <SimpleTable
        label={t("value.title")}
        rows={overview.value}
        rowKey={(one) => one.class}
        columns={[
          { id: "class", header: t("value.class"), cell: (one) => <ClassMark value={one.class} /> },
          {
            id: "count",
            header: t("customers"),
            align: "right",
            cell: (one) => <Drill condition={one.condition}>{f.number(one.count)}</Drill>,
          },
          { id: "net", header: t("net"), align: "right", cell: (one) => f.money(one.net) },
        ]}
      />
    </Panel>
  );
}

/** Where the relations stand, from not yet to loyal. */
export function StagePanel({ overview }: { overview: Overview }) {
  const { t } = useTranslation(["insight", "customers"]);
  const f = useFormat();
  const all = overview.stages.reduce((sum, one) => sum + one.count, 0) || 1;
  return (
    <Panel title={<Definition term={t("stage.title")} text={t("stage.hint")} />} flush>
      <SimpleTable
        label={t("stage.title")}
        rows={overview.stages}
        rowKey={(one) => one.stage}
        columns={[
          {
            id: "stage",
            header: t("stage.stage"),
            cell: (one) => (
              <Tooltip label={t(`customers:stage_hint.${one.stage}`)} multiline w={260}>
                <span>{t(`customers:stage.${one.stage}`)}</span>
              </Tooltip>
            ),
          },
          {
            id: "bar",
            header: t("customer_share"),
            width: "40%",
            cell: (one) => (
              <span className={classes.bar}>
                <span style={{ width: `${(one.count / all) * 100}%` }} />
                <span className="tabular">{f.percent(one.count / all, 1)}</span>
              </span>
            ),
          },
          {
            id: "count",
            header: t("customers"),
            align: "right",
            cell: (one) => <Drill condition={one.condition}>{f.number(one.count)}</Drill>,
          },
          { id: "net", header: t("net"), align: "right", wide: true, cell: (one) => f.money(one.net) },
        ]}
      />
    </Panel>
  );
}
