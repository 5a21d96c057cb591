import { IconCircle, IconCircleCheck, IconClockPause } from "@tabler/icons-react";
import { type KeyboardEvent, type ReactNode, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { isProblem, useCan, useMe } from "@/api";
import { useShortcuts } from "@/app/shortcuts";
import { dayAfter, dayIn } from "@/shared/format/day";
import { IconButton, TextLink } from "@/shared/ui";
import { Due } from "./Due";
import classes from "./Tasks.module.css";
import { type Task, useTaskActs } from "./tasks";

interface Props {
  tasks: Task[];
  label: string;
  onOpen: (task: Task) => void;
  /** Customers are left out on the page of one. */
  plain?: boolean;
  /** The key that brings the keyboard into the list. */
  shortcut?: string;
}

/** Tasks to be worked through: one stop of the tab key, arrows to walk, a key for each act. */
export function TaskRows({ tasks, label, onOpen, plain, shortcut }: Props) {
  const { t } = useTranslation("tasks");
  const [at, setAt] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const may = useCan("activities:task:write");
  const today = dayIn(useMe().company.time_zone);
  const acts = useTaskActs();
  const here = Math.min(at, tasks.length - 1);
  const go = (to: number) => {
    const next = Math.max(0, Math.min(to, tasks.length - 1));
    setAt(next);
    list.current?.querySelectorAll<HTMLElement>("[data-task]")[next]?.focus();
  };
  /** The keyboard goes on from the next row once this one is gone. */
  const act = (index: number, run: () => void) => {
    go(index + 1 < tasks.length ? index + 1 : index - 1);
    setAt(Math.min(index, Math.max(0, tasks.length - 2)));
    run();
  };
  /** What asks for a word of what came of it is opened to write one. */
  const complete = (task: Task) =>
    acts.complete.mutate(task, {
      onError: (error) => isProblem(error) && error.status === 422 && onOpen(task),
    });
  useShortcuts(shortcut ? { [shortcut]: () => go(here) } : {});
  const tomorrow = dayAfter(today, 1);
  const press = (event: KeyboardEvent, task: Task, index: number) => {
    if (event.nativeEvent.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
    const open = may && task.status === "open";
    const steps: Record<string, number> = {
      ArrowDown: index + 1,
      j: index + 1,
      ArrowUp: index - 1,
      k: index - 1,
      Home: 0,
      End: tasks.length - 1,
    };
    const runs: Record<string, (() => void) | false> = {
      d: open && (() => act(index, () => complete(task))),
      s: open && (() => acts.snooze.mutate({ task, until: later(task, tomorrow) })),
    };
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const to = steps[key];
    const run = to === undefined ? runs[key] : () => go(to);
    if (!run) return;
    event.preventDefault();
    event.stopPropagation();
    run();
  };
  return (
    <ul className={classes.list} aria-label={label} ref={list}>
      {tasks.map((task, index) => (
        <li key={task.id} className={classes.item}>
          <Tick task={task} may={may} onTick={() => complete(task)} onBack={() => acts.reopen.mutate(task)} />
          <span className={classes.words}>
            <button
              type="button"
              data-task={task.id}
              className={classes.title}
              data-ended={task.status !== "open" || undefined}
              tabIndex={index === here ? 0 : -1}
              onFocus={() => setAt(index)}
              onKeyDown={(event) => press(event, task, index)}
              onClick={() => onOpen(task)}
            >
              {task.title}
            </button>
            <Sub task={task} plain={plain} />
          </span>
          <span className={classes.end}>
            <Due task={task} />
            {may && task.status === "open" && (
              <IconButton
                label={t("snooze_one", { title: task.title })}
                onClick={() => acts.snooze.mutate({ task, until: later(task, tomorrow) })}
              >
                <IconClockPause size={17} stroke={1.6} />
              </IconButton>
            )}
          </span>
        </li>
      ))}
    </ul>
  );
}

/** Put off by a day: to tomorrow, or to the day after the one it is due on when that is later. */
const later = (task: Task, tomorrow: string) =>
  task.due_on && task.due_on >= tomorrow ? dayAfter(task.due_on, 1) : tomorrow;

function Tick({
  task,
  may,
  onTick,
  onBack,
}: {
  task: Task;
  may: boolean;
  onTick: () => void;
  onBack: () => void;
}) {
  const { t } = useTranslation("tasks");
  const done = task.status !== "open";
  return (
    <IconButton
      label={t(done ? "reopen_one" : "complete_one", { title: task.title })}
      disabled={!may}
      onClick={done ? onBack : onTick}
    >
      {done ? <IconCircleCheck size={20} stroke={1.6} /> : <IconCircle size={20} stroke={1.6} />}
    </IconButton>
  );
}

function Sub({ task, plain }: { task: Task; plain?: boolean }) {
  const { t } = useTranslation("tasks");
  const me = useMe();
  const parts: ReactNode[] = [];
  if (task.priority === 1) parts.push(t("priority.1"));
  if (!plain)
    for (const one of task.customers)
      parts.push(
        <TextLink key={one.id} to="/customers/$id" params={{ id: one.id }} size="sm">
          {one.name}
        </TextLink>,
      );
  if (task.owner.id !== me.id) parts.push(task.owner.name);
  else if (task.created_by && task.created_by.id !== me.id)
    parts.push(t("from", { name: task.created_by.name }));
  const ticked = task.checklist.filter((one) => one.done).length;
  if (task.checklist.length > 0) parts.push(`${ticked}/${task.checklist.length}`);
  if (task.outcome) parts.push(task.outcome);
  if (parts.length === 0) return null;
  return (
    <span className={classes.sub}>
      {parts.map((part, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the parts of a line keep their places
        <span key={index}>
          {index > 0 && " · "}
          {part}
        </span>
      ))}
    </span>
  );
}
