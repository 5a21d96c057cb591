import { useMutation, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api";
import { toast } from "@/shared/ui";
import classes from "./Opportunity.module.css";
import { moveOpportunity, pipelinesQuery } from "./queries";
import { asksWhy, type Opportunity, type Stage } from "./types";

const MoveDialog = lazy(() => import("./MoveDialog"));

interface Props {
  row: Opportunity;
  mayWrite: boolean;
  onMoved: (row: Opportunity) => void;
}

/** The stages of the pipeline in a row; pressing one moves there. */
export function StageLine({ row, mayWrite, onMoved }: Props) {
  const { t } = useTranslation("pipeline");
  const pipelines = useQuery(pipelinesQuery).data ?? [];
  const [asked, setAsked] = useState<{ stage: Stage; problem?: ApiProblem }>();
  const stages = pipelines.find((one) => one.id === row.pipeline.id)?.stages ?? [row.stage];
  const at = stages.findIndex((one) => one.id === row.stage.id);
  const move = useMutation({
    mutationFn: (stage: Stage) => moveOpportunity(row.id, { stage_id: stage.id }),
    onSuccess: onMoved,
    onError: (problem, stage) => {
      if (problem instanceof ApiProblem && problem.status === 422) setAsked({ stage, problem });
      else toast.problem(problem);
    },
  });
  return (
    <>
      <ol className={classes.line} aria-label={t("stages")}>
        {stages.map((stage, place) => (
          <li key={stage.id} className={classes.stop}>
            <button
              type="button"
              className={classes.stopButton}
              aria-current={stage.id === row.stage.id ? "step" : undefined}
              data-passed={(row.status === "open" && place < at) || undefined}
              disabled={!mayWrite || stage.id === row.stage.id || move.isPending}
              onClick={() => (asksWhy(stage.status) ? setAsked({ stage }) : move.mutate(stage))}
            >
              {stage.name}
            </button>
          </li>
        ))}
      </ol>
      <Suspense>
        {asked && (
          <MoveDialog
            row={row}
            stage={asked.stage}
            problem={asked.problem}
            onClose={() => setAsked(undefined)}
            onSaved={(now) => {
              setAsked(undefined);
              onMoved(now);
            }}
          />
        )}
      </Suspense>
    </>
  );
}
