import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Ref, useCan } from "@/api";
import { IconButton, Panel } from "@/shared/ui";
import { TaskRows } from "./TaskRows";
import classes from "./Tasks.module.css";
import { customerTasksQuery, type Task } from "./tasks";

const TaskDialog = lazy(() => import("./TaskDialog"));

/** What is to be done for one customer. */
export function TasksPanel({ customer }: { customer: Ref }) {
  const may = useCan("activities:task:read");
  return may ? <About customer={customer} /> : null;
}

function About({ customer }: { customer: Ref }) {
  const { t } = useTranslation("tasks");
  const mayWrite = useCan("activities:task:write");
  const tasks = useQuery(customerTasksQuery(customer.id)).data;
  const [shown, setShown] = useState<Task | "new">();
  if (!tasks) return null;
  const rows = [...tasks.open, ...tasks.ended];
  if (rows.length === 0 && !mayWrite) return null;
  return (
    <Panel
      title={t("title")}
      flush
      aside={
        mayWrite && (
          <IconButton label={t("new")} onClick={() => setShown("new")}>
            <IconPlus size={16} />
          </IconButton>
        )
      }
    >
      {rows.length === 0 ? (
        <p className={classes.nothing}>{t("none_here")}</p>
      ) : (
        <TaskRows tasks={rows} label={t("title")} onOpen={setShown} plain />
      )}
      <Suspense>
        {shown && (
          <TaskDialog
            task={shown === "new" ? undefined : shown}
            customers={[{ id: customer.id, name: customer.name }]}
            onClose={() => setShown(undefined)}
          />
        )}
      </Suspense>
    </Panel>
  );
}
