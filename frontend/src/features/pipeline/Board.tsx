import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem, type Condition, keys } from "@/api";
import { toast } from "@/shared/ui";
import classes from "./Board.module.css";
import { BoardColumn } from "./BoardColumn";
import { moveOpportunity, OPPORTUNITIES, totalsQuery } from "./queries";
import { asksWhy, type Opportunity, type Pipeline, type Stage } from "./types";

const MoveDialog = lazy(() => import("./MoveDialog"));

interface Props {
  pipeline: Pipeline;
  /** Only this person's. */
  owner?: string;
  type?: "lead" | "opportunity";
  mayWrite: boolean;
}

/** A column for every stage; cards are dragged, or moved by their menu, or with Alt and an arrow. */
export function Board({ pipeline, owner, type, mayWrite }: Props) {
  const { t } = useTranslation("pipeline");
  const client = useQueryClient();
  const [asked, setAsked] = useState<{ row: Opportunity; stage: Stage; problem?: ApiProblem }>();
  const filter = useMemo<Condition>(() => {
    const all: Condition[] = [{ field: "pipeline", op: "eq", value: pipeline.id }];
    if (owner) all.push({ field: "owner", op: "eq", value: owner });
    if (type) all.push({ field: "type", op: "eq", value: type });
    return { all };
  }, [pipeline.id, owner, type]);
  const totals = useQuery(totalsQuery(filter)).data ?? [];
  const refresh = () => client.invalidateQueries({ queryKey: keys.of(OPPORTUNITIES) });
  const move = useMutation({
    mutationFn: ({ row, stage }: { row: Opportunity; stage: Stage }) =>
      moveOpportunity(row.id, { stage_id: stage.id }),
    onSuccess: (now, { row, stage }) => {
      void refresh();
      toast.undo(t("moved", { name: row.name, stage: stage.name }), t("common:action.undo"), () => {
        moveOpportunity(now.id, { stage_id: row.stage.id }).then(refresh, toast.problem);
      });
    },
    onError: (problem, { row, stage }) => {
      // What a stage asks for can be given on the spot.
      if (problem instanceof ApiProblem && problem.status === 422) setAsked({ row, stage, problem });
      else toast.problem(problem);
    },
  });
  const moveTo = (row: Opportunity, stage: Stage) => {
    if (stage.id === row.stage.id) return;
    if (asksWhy(stage.status)) setAsked({ row, stage });
    else move.mutate({ row, stage });
  };
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls sideways can be scrolled with the keyboard
    <section className={classes.board} aria-label={t("board")} tabIndex={0}>
      {pipeline.stages.map((stage) => (
        <BoardColumn
          key={stage.id}
          stage={stage}
          stages={pipeline.stages}
          filter={filter}
          total={totals.find((one) => one.stage_id === stage.id)}
          busy={move.isPending ? move.variables.row.id : undefined}
          onMove={mayWrite ? moveTo : undefined}
        />
      ))}
      <Suspense>
        {asked && (
          <MoveDialog
            row={asked.row}
            stage={asked.stage}
            problem={asked.problem}
            onClose={() => setAsked(undefined)}
            onSaved={() => {
              setAsked(undefined);
              void refresh();
            }}
          />
        )}
      </Suspense>
    </section>
  );
}
