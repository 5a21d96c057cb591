import { IconRepeat } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api";
import { useFormat } from "@/shared/format";
import { dayAfter, dayIn } from "@/shared/format/day";
import classes from "./Tasks.module.css";
import type { Task } from "./tasks";

/** When it is due, in the words of the nearest days; what is overdue stands out, and is said. */
export function Due({ task }: { task: Task }) {
  const { t } = useTranslation("tasks");
  const f = useFormat();
  const today = dayIn(useMe().company.time_zone);
  if (!task.due_on) return null;
  const near: Record<string, string> = {
    [today]: t("day.today"),
    [dayAfter(today, 1)]: t("day.tomorrow"),
    [dayAfter(today, -1)]: t("day.yesterday"),
  };
  const day =
    near[task.due_on] ??
    (task.due_on.slice(0, 4) === today.slice(0, 4) ? f.monthDay(task.due_on) : f.date(task.due_on));
  return (
    <span className={classes.due} data-overdue={task.overdue || undefined}>
      {task.overdue && `${t("overdue")} · `}
      {[day, task.due_time].filter(Boolean).join(" ")}
      {task.recurrence && <IconRepeat size={14} role="img" aria-label={t("recurs")} />}
    </span>
  );
}
