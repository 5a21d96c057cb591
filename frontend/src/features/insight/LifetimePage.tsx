import { IconCrystalBall, IconRefresh } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { JobProgress } from "@/features/platform";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import {
  Alert,
  Button,
  EmptyState,
  Figures,
  Page,
  PageHeader,
  Panel,
  Skeleton,
  Text,
  Waiting,
} from "@/shared/ui";
import { Definition } from "./Definition";
import classes from "./Insight.module.css";
import { LifetimePlaces } from "./LifetimePlaces";
import { type LifetimeModel, lifetimeQuery, type Quality } from "./outlook";
import { useRefit } from "./useRefit";

const CalibrationChart = lazy(() => import("./charts/CalibrationChart"));

/** What the models say of the customers to come, and how far they may be believed. */
export function LifetimePage() {
  const { t } = useTranslation("outlook");
  const models = useQuery(lifetimeQuery);
  const mayFit = useCan("insight:evaluation:run");
  const fit = useRefit();
  return (
    <Page>
      <PageHeader
        title={t("lifetime.title")}
        description={t("lifetime.about")}
        actions={
          mayFit && (
            <Button leftSection={<IconRefresh size={16} />} loading={fit.busy} onClick={fit.start}>
              {t("lifetime.refit")}
            </Button>
          )
        }
      />
      <LifetimePlaces at="purchases" />
      {fit.job && fit.job.status !== "done" && <JobProgress job={fit.job} />}
      <Waiting query={models} rows={12} />
      {models.data?.items.length === 0 && (
        <EmptyState icon={<IconCrystalBall size={28} stroke={1.5} />} title={t("lifetime.none")}>
          {t("lifetime.none_hint")}
        </EmptyState>
      )}
      {models.data?.items.map((model) => (
        <Model key={model.id} model={model} named={models.data.items.length > 1} />
      ))}
    </Page>
  );
}

function Model({ model, named }: { model: LifetimeModel; named: boolean }) {
  const { t } = useTranslation("outlook");
  const f = useFormat();
  const { quality } = model;
  return (
    <section aria-label={model.unit.name}>
      {named && (
        <Text component="h2" fw={650} size="lg" mb="xs">
          {model.unit.name}
        </Text>
      )}
      <Figures
        size="lg"
        figures={[
          { key: "as_of", label: t("lifetime.as_of"), value: f.date(model.as_of) },
          { key: "buyers", label: t("lifetime.buyers"), value: f.number(model.customers) },
          {
            key: "repeaters",
            label: t("lifetime.repeaters"),
            value: f.number(model.repeaters),
            hint: t("lifetime.repeaters_hint"),
          },
          { key: "judge", label: t("lifetime.judge"), value: t(`judge.${model.judge}`) },
        ]}
      />
      <Verdict model={model} />
      <div className={classes.columns}>
        {quality && <Trial quality={quality} days={model.settings.holdout_days} />}
        {quality && <Rules quality={quality} judge={model.judge} />}
        <Parameters model={model} />
      </div>
    </section>
  );
}

/** In plain words: may these numbers be believed, and what stands in their place if not. */
function Verdict({ model }: { model: LifetimeModel }) {
  const { t } = useTranslation("outlook");
  const f = useFormat();
  const { purchases, spend, quality } = model;
  const lines = [
    purchases.used ? t("verdict.purchases_used") : t(`verdict.purchases.${purchases.shortfall}`),
    spend.used ? t("verdict.spend_used") : t(`verdict.spend.${spend.shortfall}`),
  ];
  if (quality) {
    lines.push(
      t("verdict.trial", {
        expected: f.number(quality.expected, 0),
        actual: f.number(quality.actual),
        off: f.percent(quality.actual > 0 ? quality.expected / quality.actual - 1 : undefined, 0),
      }),
      t(`verdict.judge.${model.judge}`),
    );
  } else {
    lines.push(t("verdict.untried"));
  }
  const sound = purchases.used && model.judge === "model";
  return (
    <Alert color={sound ? "pine" : "yellow"} title={t(sound ? "verdict.sound" : "verdict.careful")} my="md">
      {lines.map((line) => (
        <Text key={line} size="sm">
          {line}
        </Text>
      ))}
    </Alert>
  );
}

function Trial({ quality, days }: { quality: Quality; days: number }) {
  const { t } = useTranslation("outlook");
  const f = useFormat();
  return (
    <Panel title={<Definition term={t("trial.title")} text={t("trial.hint", { days })} />} flush>
      <div className={classes.legend} aria-hidden="true">
        <span data-series="main">{t("trial.expected")}</span>
        <span data-series="accent">{t("trial.actual")}</span>
      </div>
      <Suspense fallback={<Skeleton height={220} mx="md" my="xs" />}>
        <CalibrationChart bins={quality.by_repeats} />
      </Suspense>
      <SimpleTable
        label={t("trial.title")}
        rows={quality.by_repeats}
        rowKey={(bin) => String(bin.repeats)}
        columns={[
          {
            id: "repeats",
            header: t("trial.repeats"),
            cell: (bin) => (bin.repeats >= 7 ? `${bin.repeats}+` : f.number(bin.repeats)),
          },
          { id: "count", header: t("trial.customers"), align: "right", cell: (bin) => f.number(bin.count) },
          {
            id: "expected",
            header: t("trial.expected"),
            align: "right",
            cell: (bin) => f.number(bin.expected, 2),
          },
          { id: "actual", header: t("trial.actual"), align: "right", cell: (bin) => f.number(bin.actual, 2) },
        ]}
      />
      <SimpleTable
        label={t("trial.calibration")}
        rows={quality.calibration}
        rowKey={(bin) => String(bin.predicted)}
        columns={[
          {
            id: "predicted",
            header: t("trial.said"),
            cell: (bin) => f.percent(bin.predicted, 1),
          },
          { id: "count", header: t("trial.customers"), align: "right", cell: (bin) => f.number(bin.count) },
          {
            id: "actual",
            header: t("trial.happened"),
            align: "right",
            cell: (bin) => f.percent(bin.actual, 1),
          },
        ]}
      />
    </Panel>
  );
}

function Rules({ quality, judge }: { quality: Quality; judge: LifetimeModel["judge"] }) {
  const { t } = useTranslation("outlook");
  const f = useFormat();
  return (
    <Panel title={<Definition term={t("rules.title")} text={t("rules.hint")} />} flush>
      <SimpleTable
        label={t("rules.title")}
        rows={quality.trials}
        rowKey={(trial) => trial.judge}
        columns={[
          {
            id: "judge",
            header: t("rules.judge"),
            cell: (trial) =>
              trial.judge === judge ? (
                <strong>
                  {t(`judge.${trial.judge}`)} · {t("rules.used")}
                </strong>
              ) : (
                t(`judge.${trial.judge}`)
              ),
          },
          {
            id: "repeaters",
            header: t("rules.auc_repeaters"),
            align: "right",
            cell: (trial) => f.number(trial.auc_repeaters, 3),
          },
          {
            id: "all",
            header: t("rules.auc_all"),
            align: "right",
            wide: true,
            cell: (trial) => f.number(trial.auc_all, 3),
          },
          {
            id: "precision",
            header: t("rules.precision"),
            align: "right",
            cell: (trial) => f.percent(trial.precision, 0),
          },
          {
            id: "recall",
            header: t("rules.recall"),
            align: "right",
            wide: true,
            cell: (trial) => f.percent(trial.recall, 0),
          },
        ]}
      />
      <Text size="sm" c="dimmed" p="md">
        {t("rules.brier", { brier: f.number(quality.brier, 3), base: f.number(quality.brier_base, 3) })}
      </Text>
    </Panel>
  );
}

function Parameters({ model }: { model: LifetimeModel }) {
  const { t } = useTranslation("outlook");
  const f = useFormat();
  const { purchases, spend } = model;
  const rows = [
    ...(["r", "alpha", "a", "b"] as const).map((key) => ({
      key: key as string,
      value: purchases.parameters?.[key],
      error: purchases.standard_errors?.[key],
    })),
    ...(["p", "q", "gamma"] as const).map((key) => ({
      key: key as string,
      value: spend.parameters?.[key],
      error: spend.standard_errors?.[key],
    })),
  ].filter((row) => row.value !== undefined);
  if (rows.length === 0) return null;
  return (
    <Panel title={<Definition term={t("parameters.title")} text={t("parameters.hint")} />} flush>
      <SimpleTable
        label={t("parameters.title")}
        rows={rows}
        rowKey={(row) => row.key}
        columns={[
          { id: "key", header: t("parameters.name"), cell: (row) => t(`parameter.${row.key}`) },
          {
            id: "value",
            header: t("parameters.value"),
            align: "right",
            cell: (row) => f.number(row.value, 5),
          },
          {
            id: "error",
            header: t("parameters.error"),
            align: "right",
            cell: (row) => f.number(row.error, 5),
          },
        ]}
      />
      <Text size="sm" c="dimmed" p="md">
        {t("parameters.likelihood", {
          purchases: f.number(purchases.log_likelihood, 4),
          spend: f.number(spend.log_likelihood, 4),
          correlation: f.number(spend.correlation, 3),
        })}
      </Text>
    </Panel>
  );
}
