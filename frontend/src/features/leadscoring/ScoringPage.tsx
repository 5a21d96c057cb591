import { IconRefresh, IconSettings } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan, useMe } from "@/api";
import { unitsQuery } from "@/features/access";
import { SalesPlaces } from "@/features/pipeline";
import { JobProgress, underWay, useJob } from "@/features/platform";
import { useFormat } from "@/shared/format";
import { Alert, Button, Figures, Group, LazySelect, Page, PageHeader, Text, Waiting } from "@/shared/ui";
import { FitsPanel } from "./FitsPanel";
import classes from "./LeadScoring.module.css";
import { learnAnew, SCORING, type Scoring, scoringQuery } from "./queries";
import { ScorePanel } from "./ScorePanel";

const SettingsPanel = lazy(() => import("./SettingsPanel"));

/** How leads are scored: the points in force, what they are worth, and where they come from. */
export function ScoringPage() {
  const { t } = useTranslation("leadscoring");
  const { unit } = useSearch({ from: "/_app/sales/scoring" });
  const scoring = useQuery(scoringQuery(unit));
  const [setting, setSetting] = useState(false);
  const learning = useLearning(scoring.data?.id);
  return (
    <Page>
      <PageHeader
        title={t("title")}
        description={t("about")}
        actions={
          scoring.data?.editable && (
            <>
              <Button
                variant="default"
                leftSection={<IconSettings size={16} />}
                onClick={() => setSetting(true)}
              >
                {t("settings")}
              </Button>
              <Button
                leftSection={<IconRefresh size={16} />}
                loading={learning.busy}
                onClick={learning.start}
              >
                {t("refit")}
              </Button>
            </>
          )
        }
      />
      <Group justify="space-between" gap="sm" mb="md">
        <SalesPlaces at="scoring" />
        <UnitChoice unit={unit ?? scoring.data?.id} />
      </Group>
      {learning.job && learning.job.status !== "done" && <JobProgress job={learning.job} />}
      <Waiting query={scoring} rows={12} />
      {scoring.data && <Shown scoring={scoring.data} />}
      <Suspense>
        {setting && scoring.data && (
          <SettingsPanel scoring={scoring.data} onClose={() => setSetting(false)} />
        )}
      </Suspense>
    </Page>
  );
}

/** For who sees several units: whose leads. */
function UnitChoice({ unit }: { unit?: string }) {
  const { t } = useTranslation("leadscoring");
  const navigate = useNavigate();
  const me = useMe();
  const mayAsk = useCan("access:user:read");
  const units = useQuery({ ...unitsQuery, enabled: mayAsk }).data ?? [];
  if (units.length < 2) return null;
  return (
    <LazySelect
      aria-label={t("unit")}
      size="sm"
      allowDeselect={false}
      data={units.map((one) => ({ value: one.id, label: one.name }))}
      value={unit ?? null}
      onChange={(next) =>
        void navigate({
          to: "/sales/scoring",
          search: next && next !== me.unit?.id ? { unit: next } : {},
        })
      }
    />
  );
}

function useLearning(unit: string | undefined) {
  const client = useQueryClient();
  const start = useMutation({ mutationFn: learnAnew });
  const job = useJob(start.data?.id).data ?? start.data;
  const ended = job !== undefined && !underWay(job);
  useEffect(() => {
    if (!ended) return;
    for (const resource of [SCORING, "opportunities"]) {
      void client.invalidateQueries({ queryKey: keys.of(resource) });
    }
  }, [ended, client]);
  return {
    job,
    busy: start.isPending || (job !== undefined && !ended),
    start: () => unit && start.mutate(unit),
  };
}

function Shown({ scoring }: { scoring: Scoring }) {
  const { t } = useTranslation("leadscoring");
  const f = useFormat();
  const { in_force: card, latest } = scoring;
  return (
    <>
      <Figures
        size="lg"
        figures={[
          { key: "kind", label: t("in_force"), value: t(card.kind) },
          { key: "since", label: t("since"), value: card.since ? f.date(card.since) : t("never") },
          {
            key: "cases",
            label: t("cases"),
            value: latest && `${f.number(latest.won)} / ${f.number(latest.lost)}`,
          },
          {
            key: "auc",
            label: t("auc"),
            hint: t("auc_hint"),
            value: latest?.auc === null || latest?.auc === undefined ? "" : f.number(latest.auc, 2),
          },
        ]}
      />
      <Verdict scoring={scoring} />
      <div className={classes.columns}>
        <ScorePanel card={card} />
        <FitsPanel unit={scoring.id} />
      </div>
    </>
  );
}

/** In plain words: where the points come from, and how far they may be believed. */
function Verdict({ scoring }: { scoring: Scoring }) {
  const { t } = useTranslation("leadscoring");
  const f = useFormat();
  const { in_force: card, latest, settings } = scoring;
  const tried = {
    held: f.number(latest?.held_out),
    auc: f.number(latest?.auc, 2),
    error: f.number(latest?.auc_error, 2),
  };
  const lines = [];
  if (card.reason) {
    lines.push(
      t(`reason.${card.reason}`, {
        ...tried,
        months: latest?.months,
        cases: f.number((latest?.won ?? 0) + (latest?.lost ?? 0)),
        least: f.number(settings.least_cases),
        each: f.number(settings.least_each),
        won: f.number(latest?.won),
        lost: f.number(latest?.lost),
      }),
    );
  } else if (latest?.quality) {
    lines.push(t(`verdict.${latest.quality}`), t("trial", tried));
  }
  const sound = card.kind === "learnt" && latest?.quality !== "weak";
  return (
    <Alert color={sound ? "pine" : "yellow"} title={t(`verdict_title.${card.kind}`)} my="md">
      {lines.map((line) => (
        <Text key={line} size="sm">
          {line}
        </Text>
      ))}
    </Alert>
  );
}
