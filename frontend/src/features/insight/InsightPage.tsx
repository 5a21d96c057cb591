import { IconAdjustmentsHorizontal, IconChartHistogram, IconRefresh } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { JobProgress, underWay, useJob } from "@/features/platform";
import { useFormat } from "@/shared/format";
import {
  Button,
  ButtonLink,
  DateField,
  EmptyState,
  Figures,
  Group,
  Page,
  PageHeader,
  SegmentedControl,
  Text,
  Waiting,
} from "@/shared/ui";
import { AbcPanel } from "./AbcPanel";
import classes from "./Insight.module.css";
import { type Basis, evaluate, overviewQuery } from "./queries";
import { RfmPanel } from "./RfmPanel";
import { StagePanel, ValuePanel } from "./SpreadPanels";
import type { Overview, RfmMode } from "./types";

const SettingsPanel = lazy(() => import("./SettingsPanel"));

/** What the customers are worth, as of a day that is always said; every number leads to the people behind it. */
export function InsightPage() {
  const { t } = useTranslation("insight");
  const overview = useQuery(overviewQuery);
  const mayEvaluate = useCan("insight:evaluation:run");
  const maySet = useCan("platform:settings:write");
  const [setting, setSetting] = useState(false);
  const evaluation = useEvaluation();
  return (
    <Page>
      <PageHeader
        title={t("title")}
        description={overview.data && <Stamp overview={overview.data} />}
        actions={
          <>
            {maySet && (
              <Button
                variant="default"
                leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.6} />}
                onClick={() => setSetting(true)}
              >
                {t("settings")}
              </Button>
            )}
            {mayEvaluate && (
              <Button
                leftSection={<IconRefresh size={16} />}
                loading={evaluation.busy}
                onClick={evaluation.start}
              >
                {t("evaluate")}
              </Button>
            )}
          </>
        }
      />
      {evaluation.job && evaluation.job.status !== "done" && <JobProgress job={evaluation.job} />}
      <Waiting query={overview} rows={12} />
      {overview.data?.buyers === 0 && (
        <EmptyState
          icon={<IconChartHistogram size={28} stroke={1.5} />}
          title={t("empty")}
          actions={
            <ButtonLink to="/imports/new" search={{ resource: "orders" }}>
              {t("empty_action")}
            </ButtonLink>
          }
        >
          {t("empty_hint")}
        </EmptyState>
      )}
      {overview.data && overview.data.buyers > 0 && <Shown overview={overview.data} />}
      <Suspense>{setting && <SettingsPanel onClose={() => setSetting(false)} />}</Suspense>
    </Page>
  );
}

function Stamp({ overview }: { overview: Overview }) {
  const { t } = useTranslation("insight");
  const f = useFormat();
  if (!overview.as_of) return <>{t("never_evaluated")}</>;
  return (
    <span title={overview.evaluated_at ? f.dateTime(overview.evaluated_at) : undefined}>
      {t("as_of", { date: f.date(overview.as_of) })}
      {overview.evaluated_at && ` · ${t("evaluated", { ago: f.ago(overview.evaluated_at) })}`}
    </span>
  );
}

function useEvaluation() {
  const client = useQueryClient();
  const start = useMutation({ mutationFn: evaluate });
  const job = useJob(start.data?.id).data ?? start.data;
  const ended = job !== undefined && !underWay(job);
  useEffect(() => {
    if (!ended) return;
    for (const resource of ["insight", "customers", "today"]) {
      void client.invalidateQueries({ queryKey: keys.of(resource) });
    }
  }, [ended, client]);
  return { job, busy: start.isPending || (job !== undefined && !ended), start: () => start.mutate() };
}

function Shown({ overview }: { overview: Overview }) {
  const { t } = useTranslation("insight");
  const f = useFormat();
  const navigate = useNavigate();
  const { as_of, mode } = useSearch({ from: "/_app/insight" });
  const put = (change: Basis) =>
    void navigate({ to: "/insight", search: { as_of, mode, ...change }, replace: true });
  const figures: [label: string, value: string, hint?: string][] = [
    [t("customers"), f.number(overview.customers)],
    [t("buyers"), f.number(overview.buyers), t("buyers_hint")],
    [
      t("buyer_share"),
      f.percent(overview.customers > 0 ? overview.buyers / overview.customers : undefined, 1),
    ],
    [t("net"), f.short(overview.net), t("net_hint")],
  ];
  return (
    <>
      <Figures
        size="lg"
        figures={figures.map(([label, value, hint]) => ({ key: label, label, value, hint }))}
      />
      <Group gap="md" align="flex-end" role="group" aria-label={t("basis")}>
        <DateField
          w={170}
          label={t("basis_day")}
          placeholder={overview.as_of ?? undefined}
          value={as_of ?? null}
          maxDate={new Date()}
          onChange={(day) => put({ as_of: day ?? undefined })}
        />
        <SegmentedControl
          aria-label={t("basis_mode")}
          value={mode ?? ""}
          onChange={(value) => put({ mode: (value || undefined) as RfmMode | undefined })}
          data={[
            { value: "", label: t("mode.stored") },
            { value: "quintile", label: t("mode.quintile") },
            { value: "threshold", label: t("mode.threshold") },
          ]}
        />
        {(as_of || mode) && (
          <Text size="sm" c="dimmed" pb={8}>
            {t("not_stored")}
          </Text>
        )}
      </Group>
      <div className={classes.columns}>
        <RfmPanel overview={overview} basis={{ as_of, mode }} />
        <AbcPanel overview={overview} asOf={as_of} />
        <ValuePanel overview={overview} />
        <StagePanel overview={overview} />
      </div>
    </>
  );
}
