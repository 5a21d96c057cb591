import { useMutation } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { Badge, Button, Group, toast } from "@/shared/ui";
import { JourneyLine } from "./JourneyLine";
import classes from "./Journeys.module.css";
import { completeStation, type Run, type Station, takeUpStation } from "./queries";
import type { Why } from "./WhyDialog";

const WhyDialog = lazy(() => import("./WhyDialog"));

interface Props {
  run: Run;
  mayAct: boolean;
  onChanged: () => Promise<unknown>;
}

/** One journey: its line, and below it what is to be done now. */
export function RunSection({ run, mayAct, onChanged }: Props) {
  const { t } = useTranslation("journeys");
  const f = useFormat();
  const running = run.status === "running";
  const since = t("since", { day: f.date(run.started_on) });
  const [shown, setShown] = useState(running);
  const [why, setWhy] = useState<Why>();
  const open = run.stations.filter((one) => one.id && !one.ended_on);
  const ended = (station: Station) => {
    void onChanged();
    const said = t("done_said", { name: station.name });
    const { task_id } = station;
    if (!task_id) return toast.done(said);
    toast.undo(said, t("common:action.undo"), () => {
      takeUpStation(task_id).then(onChanged, toast.problem);
    });
  };
  const complete = useMutation({
    mutationFn: (station: Station) => completeStation(station.id ?? ""),
    onSuccess: (_run, station) => ended(station),
    onError: toast.problem,
  });
  const done = (station: Station) =>
    station.proof === "note" ? setWhy({ kind: "done", station }) : complete.mutate(station);
  return (
    <section className={classes.run} aria-label={`${run.journey.name}, ${since}`}>
      <div className={classes.head}>
        <span className={classes.title}>{run.journey.name}</span>
        {run.late && (
          <Badge size="sm" variant="light" color="red">
            {t("state.late")}
          </Badge>
        )}
        {!running && (
          <Badge size="sm" variant="light" color={run.status === "finished" ? "pine" : "gray"}>
            {t(`status.${run.status}`)}
          </Badge>
        )}
        <span className={classes.sub}>
          {[since, running && run.outdated && t("outdated"), run.status === "stopped" && run.reason]
            .filter(Boolean)
            .join(" · ")}
        </span>
        {running ? (
          mayAct && (
            <Button
              size="compact-xs"
              variant="subtle"
              color="gray"
              aria-label={t("stop_one", { name: run.journey.name })}
              onClick={() => setWhy({ kind: "stop", run })}
            >
              {t("stop_short")}
            </Button>
          )
        ) : (
          <Button
            size="compact-xs"
            variant="subtle"
            aria-expanded={shown}
            onClick={() => setShown((now) => !now)}
          >
            {t(shown ? "hide_stations" : "show_stations")}
          </Button>
        )}
      </div>
      {(shown || running) && <JourneyLine run={run} />}
      {running && mayAct && open.length > 0 && (
        <ul className={classes.todo} aria-label={t("to_do")}>
          {open.map((one) => (
            <li key={one.id} className={classes.act}>
              <span className={classes.words}>
                <span>{one.name}</span>
                <span className={classes.when}>
                  {[
                    t(`channel.${one.channel}`),
                    one.due_on && t("due", { day: f.date(one.due_on) }),
                    one.assignee?.name,
                    one.proof !== "none" && t(`proof_hint.${one.proof}`),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </span>
              <Group gap={6} wrap="nowrap">
                <Button
                  size="compact-sm"
                  loading={complete.isPending && complete.variables?.id === one.id}
                  aria-label={t("done_one", { name: one.name })}
                  onClick={() => done(one)}
                >
                  {t("done")}
                </Button>
                <Button
                  size="compact-sm"
                  variant="default"
                  aria-label={t("skip_one", { name: one.name })}
                  onClick={() => setWhy({ kind: "skip", station: one })}
                >
                  {t("skip")}
                </Button>
              </Group>
            </li>
          ))}
        </ul>
      )}
      <Suspense>
        {why && (
          <WhyDialog
            why={why}
            onClose={() => setWhy(undefined)}
            onDone={() => {
              setWhy(undefined);
              if (why.kind === "done") ended(why.station);
              else void onChanged();
            }}
          />
        )}
      </Suspense>
    </section>
  );
}
