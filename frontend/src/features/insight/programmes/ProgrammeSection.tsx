import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Alert, Figures, Panel, Skeleton, Text } from "@/shared/ui";
import { Definition } from "../Definition";
import classes from "../Insight.module.css";
import { Drill } from "../RfmPanel";
import { Cohorts } from "./Cohorts";
import { nameOf, type Programme } from "./queries";

const RetentionChart = lazy(() => import("../charts/RetentionChart"));

/** Rows of a long table that are shown. */
const MOST_ROWS = 24;

/** One programme: whether its figures may be believed, who stays how long, what that is worth. */
export function ProgrammeSection({ programme, unit }: { programme: Programme; unit: boolean }) {
  const { t, i18n } = useTranslation("programmes");
  const f = useFormat();
  const name = nameOf(programme.settings, i18n.language);
  const title = unit ? `${name} · ${programme.unit.name}` : name;
  return (
    <section aria-label={title} className={classes.part}>
      <Text component="h2" fw={650} size="lg" mb="xs">
        {title}
      </Text>
      <Figures
        size="lg"
        figures={[
          {
            key: "running",
            label: t("figure.running"),
            value: <Drill condition={programme.condition as Condition}>{f.number(programme.running)}</Drill>,
            hint: t("figure.running_hint"),
          },
          {
            key: "left",
            label: t("figure.left"),
            value: f.number(programme.left),
            hint: t("figure.left_hint", { days: programme.settings.grace_days }),
          },
          { key: "bill", label: t("figure.bill"), value: f.money(programme.bill) },
          {
            key: "rate",
            label: t("figure.rate"),
            value: f.percent(programme.rate, 1),
            hint: t("figure.rate_hint"),
          },
          { key: "as_of", label: t("figure.as_of"), value: f.date(programme.as_of) },
        ]}
      />
      <Verdict programme={programme} />
      <div className={classes.columns}>
        {programme.renewals.length > 0 && <Curve programme={programme} />}
        {programme.quality && <Trial quality={programme.quality} />}
        {programme.tenures.length > 0 && <Tenures programme={programme} />}
        {programme.parameters && <Parameters programme={programme} />}
      </div>
      {programme.cohorts.length > 0 && (
        <div className={classes.below}>
          <Cohorts cohorts={programme.cohorts} months={programme.settings.period_months} />
        </div>
      )}
    </section>
  );
}

/** In plain words: may these numbers be believed, and what stands in their place if not. */
function Verdict({ programme }: { programme: Programme }) {
  const { t } = useTranslation("programmes");
  const f = useFormat();
  const { quality, used } = programme;
  const lines = [
    used
      ? t("verdict.used")
      : t(`verdict.shortfall.${programme.shortfall}`, { rate: f.percent(programme.rate, 1) }),
  ];
  if (!used && programme.rate === null) lines.push(t("verdict.nothing"));
  if (quality) {
    lines.push(
      t("verdict.trial", {
        expected: f.number(quality.expected, 0),
        by_rate: f.number(quality.by_rate, 0),
        actual: f.number(quality.actual),
        off: f.percent(quality.actual > 0 ? quality.expected / quality.actual - 1 : undefined, 1),
      }),
      t(quality.model_nearer ? "verdict.model_nearer" : "verdict.rate_nearer"),
    );
  } else {
    lines.push(t("verdict.untried"));
  }
  const sound = used && quality?.model_nearer !== false;
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

function Curve({ programme }: { programme: Programme }) {
  const { t } = useTranslation("programmes");
  const f = useFormat();
  const { renewals } = programme;
  const fitted = renewals.some((one) => typeof one.fitted_staying === "number");
  return (
    <Panel title={<Definition term={t("curve.title")} text={t("curve.hint")} />} flush>
      <div className={classes.legend} aria-hidden="true">
        <span data-series="accent">{t("curve.actual")}</span>
        {fitted && <span data-series="main">{t("curve.fitted")}</span>}
      </div>
      <Suspense fallback={<Skeleton height={240} mx="md" my="xs" />}>
        <RetentionChart renewals={renewals} />
      </Suspense>
      <SimpleTable
        label={t("curve.title")}
        rows={renewals.slice(0, MOST_ROWS)}
        rowKey={(one) => String(one.renewal)}
        columns={[
          { id: "renewal", header: t("curve.renewal"), cell: (one) => f.number(one.renewal) },
          {
            id: "at_risk",
            header: t("curve.at_risk"),
            align: "right",
            wide: true,
            cell: (one) => f.number(one.at_risk),
          },
          {
            id: "retention",
            header: t("curve.renewed"),
            align: "right",
            cell: (one) => f.percent(one.retention, 1),
          },
          {
            id: "staying",
            header: t("curve.staying"),
            align: "right",
            cell: (one) => f.percent(one.staying, 1),
          },
          {
            id: "fitted",
            header: t("curve.fitted"),
            align: "right",
            cell: (one) => f.percent(one.fitted_staying, 1),
          },
        ]}
      />
    </Panel>
  );
}

function Trial({ quality }: { quality: NonNullable<Programme["quality"]> }) {
  const { t } = useTranslation("programmes");
  const f = useFormat();
  return (
    <Panel
      title={
        <Definition term={t("trial.title")} text={t("trial.hint", { date: f.date(quality.held_from) })} />
      }
      flush
    >
      <SimpleTable
        label={t("trial.title")}
        rows={quality.steps.slice(0, MOST_ROWS)}
        rowKey={(one) => String(one.ahead)}
        columns={[
          { id: "ahead", header: t("trial.ahead"), cell: (one) => f.number(one.ahead) },
          { id: "count", header: t("trial.count"), align: "right", cell: (one) => f.number(one.count) },
          {
            id: "expected",
            header: t("trial.expected"),
            align: "right",
            cell: (one) => f.number(one.expected, 1),
          },
          {
            id: "by_rate",
            header: t("trial.by_rate"),
            align: "right",
            cell: (one) => f.number(one.by_rate, 1),
          },
          { id: "actual", header: t("trial.actual"), align: "right", cell: (one) => f.number(one.actual) },
        ]}
      />
    </Panel>
  );
}

function Tenures({ programme }: { programme: Programme }) {
  const { t } = useTranslation("programmes");
  const f = useFormat();
  return (
    <Panel title={<Definition term={t("tenure.title")} text={t("tenure.hint")} />} flush>
      <SimpleTable
        label={t("tenure.title")}
        rows={programme.tenures.slice(0, MOST_ROWS)}
        rowKey={(one) => String(one.paid)}
        columns={[
          { id: "paid", header: t("tenure.paid"), cell: (one) => f.number(one.paid) },
          {
            id: "contracts",
            header: t("tenure.contracts"),
            align: "right",
            cell: (one) => (
              <Drill
                condition={
                  {
                    all: [
                      programme.condition,
                      { field: "metrics.programme_paid", op: "eq", value: one.paid },
                    ],
                  } as Condition
                }
              >
                {f.number(one.contracts)}
              </Drill>
            ),
          },
          { id: "next", header: t("tenure.next"), align: "right", cell: (one) => f.percent(one.next, 1) },
          {
            id: "remaining",
            header: t("tenure.remaining"),
            align: "right",
            cell: (one) => f.number(one.remaining, 1),
          },
          {
            id: "residual",
            header: t("tenure.residual"),
            align: "right",
            cell: (one) => f.money(one.residual_value),
          },
        ]}
      />
    </Panel>
  );
}

function Parameters({ programme }: { programme: Programme }) {
  const { t } = useTranslation("programmes");
  const f = useFormat();
  const rows = (["alpha", "beta"] as const).map((key) => ({
    key,
    value: programme.parameters?.[key],
    error: programme.standard_errors?.[key],
  }));
  return (
    <Panel title={<Definition term={t("parameters.title")} text={t("parameters.hint")} />} flush>
      <SimpleTable
        label={t("parameters.title")}
        rows={rows}
        rowKey={(row) => row.key}
        columns={[
          {
            id: "key",
            header: t("parameters.name"),
            cell: (row) => (row.key === "alpha" ? "α" : "β"),
          },
          {
            id: "value",
            header: t("parameters.value"),
            align: "right",
            cell: (row) => f.number(row.value, 4),
          },
          {
            id: "error",
            header: t("parameters.error"),
            align: "right",
            cell: (row) => f.number(row.error, 4),
          },
        ]}
      />
      <Text size="sm" c="dimmed" p="md">
        {t("parameters.likelihood", { value: f.number(programme.log_likelihood, 3) })}
      </Text>
    </Panel>
  );
}
