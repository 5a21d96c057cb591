import { IconChecklist, IconCircle, IconCircleCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useMemo, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan, useMe } from "@/api";
import { useCreating } from "@/app/creating";
import { AdvancedFilter, useConditionFields } from "@/shared/condition";
import { useFormat } from "@/shared/format";
import { dayIn } from "@/shared/format/day";
import { type FilterField, type GridColumn, ListPage, offered, useListState } from "@/shared/grid";
import { IconButton, SegmentedControl, TextLink, toast } from "@/shared/ui";
import { sameJson } from "@/shared/views";
import { Due } from "./Due";
import classes from "./Tasks.module.css";
import { fetchTask, fetchTasks, PRESETS, type Preset, presetFilter, type Task, useTaskActs } from "./tasks";

const TaskDialog = lazy(() => import("./TaskDialog"));

/** What is to be done, by oneself and one's people. */
export function TasksPage() {
  const { t } = useTranslation("tasks");
  const creating = useCreating(useCan("activities:task:write"), t("new"));
  const [chosen, setChosen] = useState<Task>();
  const named = useNamed();
  const shown = chosen ?? named.task;
  const fields = useConditionFields("tasks");
  const columns = useColumns(fields);
  return (
    <ListPage
      resource="tasks"
      title={t("title")}
      lead={<Presets />}
      actions={creating.button}
      columns={columns}
      fields={fields}
      defaultSort="due_at"
      fetch={fetchTasks}
      views
      onOpen={setChosen}
      name={(row) => row.title}
      tools={<AdvancedFilter fields={fields} />}
      empty={{ icon: <IconChecklist size={28} stroke={1.5} />, title: t("empty"), hint: t("empty_hint") }}
    >
      <Suspense>
        {(creating.opened || shown) && (
          <TaskDialog
            key={shown?.id}
            task={shown}
            onClose={() => {
              setChosen(undefined);
              named.forget();
              creating.close();
            }}
          />
        )}
      </Suspense>
    </ListPage>
  );
}

/** The task that the address names, as a notice does. */
function useNamed() {
  const { task: id } = useSearch({ from: "/_app/tasks" });
  const navigate = useNavigate();
  const task = useQuery({
    queryKey: keys.one("tasks", id ?? ""),
    queryFn: () => fetchTask(id ?? ""),
    enabled: Boolean(id),
  });
  const forget = () =>
    void navigate({ to: "/tasks", search: (before) => ({ ...before, task: undefined }), replace: true });
  useEffect(() => {
    if (task.error) toast.problem(task.error);
  }, [task.error]);
  return { task: id ? task.data : undefined, forget };
}

/** The lists of every day; the page opens with one's own. */
function Presets() {
  const { t } = useTranslation("tasks");
  const me = useMe();
  const { state, update } = useListState();
  const who = { me: me.id, department: me.department?.id ?? "", today: dayIn(me.company.time_zone) };
  const fresh = useRef(!state.filter && !state.q && !state.view);
  const mine = presetFilter("mine", who);
  useEffect(() => {
    if (fresh.current) update({ filter: mine }, true);
    fresh.current = false;
  }, [mine, update]);
  const current = PRESETS.find((one) => sameJson(presetFilter(one, who) ?? null, state.filter ?? null));
  return (
    <div className={classes.presets}>
      <SegmentedControl
        aria-label={t("presets")}
        data={PRESETS.map((value) => ({ value, label: t(`preset.${value}`) }))}
        value={current ?? ""}
        onChange={(value) => update({ filter: presetFilter(value as Preset, who), view: undefined })}
      />
    </div>
  );
}

function TickCell({ task }: { task: Task }) {
  const { t } = useTranslation("tasks");
  const may = useCan("activities:task:write");
  const { complete, reopen } = useTaskActs();
  const done = task.status !== "open";
  return (
    <IconButton
      label={t(done ? "reopen_one" : "complete_one", { title: task.title })}
      disabled={!may}
      onClick={(event) => {
        event.stopPropagation();
        (done ? reopen : complete).mutate(task);
      }}
    >
      {done ? <IconCircleCheck size={20} stroke={1.6} /> : <IconCircle size={20} stroke={1.6} />}
    </IconButton>
  );
}

function useColumns(fields: FilterField[]): GridColumn<Task>[] {
  const { t } = useTranslation("tasks");
  const f = useFormat();
  return useMemo(() => {
    const columns: GridColumn<Task>[] = [
      {
        id: "tick",
        header: t("field.tick"),
        width: 64,
        phone: "end",
        cell: (row) => <TickCell task={row} />,
      },
      {
        id: "title",
        header: t("field.title"),
        sort: "title",
        width: 300,
        phone: "title",
        cell: (row) => <span style={{ fontWeight: 600 }}>{row.title}</span>,
      },
      {
        id: "due_at",
        header: t("field.due_on"),
        sort: "due_at",
        width: 180,
        phone: "meta",
        cell: (row) => <Due task={row} />,
      },
      {
        id: "customers",
        header: t("field.customers"),
        width: 200,
        cell: (row) =>
          row.customers.map((one, at) => (
            <span key={one.id}>
              {at > 0 && t("comma")}
              <TextLink to="/customers/$id" params={{ id: one.id }}>
                {one.name}
              </TextLink>
            </span>
          )),
      },
      { id: "owner", header: t("field.owner"), width: 120, phone: "meta", cell: (row) => row.owner.name },
      {
        id: "priority",
        header: t("field.priority"),
        sort: "priority",
        width: 90,
        cell: (row) => t(`priority.${row.priority}`),
      },
      {
        id: "status",
        header: t("field.status"),
        sort: "status",
        width: 100,
        cell: (row) => t(`status.${row.status}`),
      },
      {
        id: "done_at",
        header: t("field.done_at"),
        sort: "done_at",
        width: 150,
        hidden: true,
        cell: (row) => row.done_at && f.dateTime(row.done_at),
      },
      {
        id: "created_at",
        header: t("field.created_at"),
        sort: "created_at",
        width: 130,
        hidden: true,
        cell: (row) => f.date(row.created_at),
      },
    ];
    return offered(columns, fields);
  }, [t, f, fields]);
}
