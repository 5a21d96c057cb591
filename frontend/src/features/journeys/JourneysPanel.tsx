import { IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, type Schema } from "@/api";
import { IconButton, Panel } from "@/shared/ui";
import classes from "./Journeys.module.css";
import { journeysQuery, runsQuery } from "./queries";
import { RunSection } from "./RunSection";

const StartDialog = lazy(() => import("./StartDialog"));

interface Props {
  customer: Schema<"CustomerView">;
  mayWrite: boolean;
}

/** The journeys with one customer; nothing where the unit has no template and none ever began. */
export default function JourneysPanel({ customer, mayWrite }: Props) {
  const { t } = useTranslation("journeys");
  const client = useQueryClient();
  const runs = useQuery(runsQuery(customer.id)).data;
  const journeys = useQuery(journeysQuery).data?.filter((one) => one.unit.id === customer.unit.id) ?? [];
  const [starting, setStarting] = useState(false);
  if (!runs || (runs.length === 0 && (journeys.length === 0 || !mayWrite))) return null;
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.of("tasks") });
    return client.invalidateQueries({ queryKey: keys.of("customers") });
  };
  const sorted = runs.toSorted((a, b) => Number(b.status === "running") - Number(a.status === "running"));
  return (
    <Panel
      title={t("title")}
      flush
      aside={
        mayWrite &&
        journeys.length > 0 && (
          <IconButton label={t("start")} onClick={() => setStarting(true)}>
            <IconPlus size={16} />
          </IconButton>
        )
      }
    >
      {runs.length === 0 && <p className={classes.nothing}>{t("none_here")}</p>}
      {sorted.map((run) => (
        <RunSection key={run.id} run={run} mayAct={mayWrite} onChanged={refresh} />
      ))}
      <Suspense>
        {starting && (
          <StartDialog
            customer={customer}
            journeys={journeys}
            onClose={() => setStarting(false)}
            onStarted={() => {
              setStarting(false);
              void refresh();
            }}
          />
        )}
      </Suspense>
    </Panel>
  );
}
