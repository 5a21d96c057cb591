import { IconArrowForwardUp, IconCheck, IconClockExclamation, IconRepeat } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { VisuallyHidden } from "@/shared/ui";
import classes from "./Journeys.module.css";
import type { Run, Station } from "./queries";

/** A journey as a line of stations: done, skipped, due, and what lies ahead. */
export function JourneyLine({ run }: { run: Run }) {
  return (
    <ol className={classes.line} aria-label={run.journey.name}>
      {run.stations.map((one, at) => (
        <Stop key={one.id ?? `${one.step} ${at}`} station={one} />
      ))}
    </ol>
  );
}

function Stop({ station }: { station: Station }) {
  const { t } = useTranslation("journeys");
  const f = useFormat();
  const { state } = station;
  const when = station.ended_on
    ? f.date(station.ended_on)
    : station.due_on
      ? f.date(station.due_on)
      : t("after_one", { name: station.waits_for });
  return (
    <li className={classes.station} data-state={state}>
      <span className={classes.dot} aria-hidden="true">
        {state === "done" && <IconCheck size={14} stroke={2.5} />}
        {state === "skipped" && <IconArrowForwardUp size={14} />}
        {state === "late" && <IconClockExclamation size={14} />}
        {state === "coming" && station.recurs && <IconRepeat size={13} />}
      </span>
      <VisuallyHidden>{t(`state.${state}`)}: </VisuallyHidden>
      <span className={classes.name}>{station.name}</span>
      <span className={classes.when}>{when}</span>
      {station.note && <span className={classes.note}>{station.note}</span>}
    </li>
  );
}
