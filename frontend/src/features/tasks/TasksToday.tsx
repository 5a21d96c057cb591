import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "@/api";
import { useShortcuts } from "@/app/shortcuts";
import { dayAfter, dayIn } from "@/shared/format/day";
import { Group, IconButton, Panel, TextLink } from "@/shared/ui";
import { TaskRows } from "./TaskRows";
import classes from "./Tasks.module.css";
import { dueQuery, type Task } from "./tasks";

const TaskDialog = lazy(() => import("./TaskDialog"));

/** Days ahead that a morning looks at. */
const AHEAD = 7;

/** One's own tasks: what is overdue, of today, and of the coming week, in one list that is worked through. */
export function TasksToday() {
  const may = useCan("activities:task:read");
  return may ? <Mine /> : null;
}

function Mine() {
  const { t } = useTranslation("tasks");
  const me = useMe();
  const mayWrite = useCan("activities:task:write");
  const until = dayAfter(dayIn(me.company.time_zone), AHEAD);
  const tasks = useQuery(dueQuery(me.id, until)).data;
  const [shown, setShown] = useState<Task | "new">();
  useShortcuts({ n: () => mayWrite && setShown("new") });
  if (!tasks) return null;
  return (
    <>
      <Panel
        title={t("mine_title")}
        flush
        aside={
          <Group gap="xs" wrap="nowrap">
            <TextLink to="/tasks" size="sm">
              {t("all_tasks")}
            </TextLink>
            {mayWrite && (
              <IconButton label={t("new")} onClick={() => setShown("new")}>
                <IconPlus size={16} />
              </IconButton>
            )}
          </Group>
        }
      >
        {tasks.length === 0 ? (
          <p className={classes.nothing}>{t("nothing_due")}</p>
        ) : (
          <>
            <TaskRows tasks={tasks} label={t("mine_title")} onOpen={setShown} shortcut="j" />
            <p className={classes.keys}>{t("keys")}</p>
          </>
        )}
      </Panel>
      <Suspense>
        {shown && (
          <TaskDialog task={shown === "new" ? undefined : shown} onClose={() => setShown(undefined)} />
        )}
      </Suspense>
    </>
  );
}
