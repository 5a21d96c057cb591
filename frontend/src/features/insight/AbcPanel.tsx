import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { ErrorState, Panel, Skeleton } from "@/shared/ui";
import { Definition } from "./Definition";
import { abcQuery } from "./queries";
import { Drill } from "./RfmPanel";
import type { Overview } from "./types";

const ParetoChart = lazy(() => import("./charts/ParetoChart"));

/** Who brings most of the revenue: the curve, and its three classes as a table. */
export function AbcPanel({ overview, asOf }: { overview: Overview; asOf?: string }) {
  const { t } = useTranslation("insight");
  const f = useFormat();
  const asked = useQuery({ ...abcQuery(asOf), enabled: asOf !== undefined });
  const buckets = asOf === undefined ? overview.abc : asked.data?.classes;
  const all = buckets?.reduce((sum, one) => sum + one.count, 0) ?? 0;
  return (
    <Panel title={<Definition term={t("abc.title")} text={t("abc.hint")} />} flush>
      {asked.isError && <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />}
      {buckets && (
        <>
          <Suspense fallback={<Skeleton height={220} mx="md" my="xs" />}>
            <ParetoChart buckets={buckets} />
          </Suspense>
          <SimpleTable
            label={t("abc.title")}
            rows={buckets}
            rowKey={(one) => one.class}
            columns={[
              { id: "class", header: t("abc.class"), cell: (one) => <strong>{one.class}</strong> },
              {
                id: "count",
                header: t("customers"),
                align: "right",
                cell: (one) => <Drill condition={one.condition}>{f.number(one.count)}</Drill>,
              },
              {
                id: "customers_share",
                header: t("customer_share"),
                align: "right",
                cell: (one) => f.percent(all > 0 ? one.count / all : undefined, 1),
              },
              { id: "net", header: t("net"), align: "right", wide: true, cell: (one) => f.money(one.net) },
              {
                id: "share",
                header: t("abc.share"),
                align: "right",
                cell: (one) => f.percent(one.share, 1),
              },
            ]}
          />
        </>
      )}
    </Panel>
  );
}
