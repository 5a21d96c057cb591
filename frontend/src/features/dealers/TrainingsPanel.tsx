import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { useDictionary } from "@/features/customers";
import { useFormat } from "@/shared/format";
import { Group, IconButton, Panel, toast } from "@/shared/ui";
import classes from "@/shared/ui/Record.module.css";
import { addTraining, DEALERS, deleteTraining, type Training, trainingsQuery } from "./queries";

const TrainingDialog = lazy(() => import("./TrainingDialog"));

/** On a person's page: what they were taught, if anything was; a clerk's may be added. */
export default function TrainingsPanel({ customer, mayWrite }: { customer: string; mayWrite: boolean }) {
  const { t } = useTranslation("dealers");
  const f = useFormat();
  const client = useQueryClient();
  const courses = useDictionary("training_course");
  const trainings = useQuery(trainingsQuery(customer)).data;
  const [editing, setEditing] = useState<Training | "new">();
  const refresh = () => {
    void client.invalidateQueries({ queryKey: keys.of(DEALERS) });
    return client.invalidateQueries({ queryKey: keys.one("customers", customer) });
  };
  const remove = useMutation({
    mutationFn: deleteTraining,
    onSuccess: (_answer, row) => {
      const { course, on, passed, score, valid_until, note } = row;
      const again = () =>
        void addTraining(customer, { course, on, passed, score, valid_until, note }).then(
          refresh,
          toast.problem,
        );
      toast.undo(t("common:state.deleted", { name: courses.word(course) }), t("common:action.undo"), again);
      return refresh();
    },
    onError: toast.problem,
  });
  if (!trainings || (trainings.length === 0 && !mayWrite)) return null;
  return (
    <Panel
      title={t("trainings")}
      flush
      aside={
        mayWrite && (
          <IconButton label={t("add_training")} onClick={() => setEditing("new")}>
            <IconPlus size={16} />
          </IconButton>
        )
      }
    >
      {trainings.length === 0 && <p className={classes.nothing}>{t("no_trainings")}</p>}
      <ul className={classes.rows}>
        {trainings.map((one) => (
          <li key={one.id} className={classes.row}>
            <span className={classes.words}>
              {courses.word(one.course)} · {t(one.passed ? "passed" : "failed")}
              <br />
              <span className={classes.sub}>
                {[
                  f.date(one.on),
                  typeof one.score === "number" && t("score_of", { score: f.number(one.score) }),
                  one.valid_until && t("valid_until", { day: f.date(one.valid_until) }),
                  one.note,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </span>
            {mayWrite && (
              <Group gap={2} wrap="nowrap">
                <IconButton
                  label={t("edit_training", { name: courses.word(one.course) })}
                  onClick={() => setEditing(one)}
                >
                  <IconPencil size={15} />
                </IconButton>
                <IconButton
                  label={t("delete_training", { name: courses.word(one.course) })}
                  onClick={() => remove.mutate(one)}
                >
                  <IconTrash size={15} />
                </IconButton>
              </Group>
            )}
          </li>
        ))}
      </ul>
      <Suspense>
        {editing && (
          <TrainingDialog
            customer={customer}
            row={editing === "new" ? undefined : editing}
            onClose={() => setEditing(undefined)}
            onSaved={refresh}
          />
        )}
      </Suspense>
    </Panel>
  );
}
