import { type KeyboardEvent, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { dayAfter } from "@/shared/format/day";
import { VisuallyHidden } from "@/shared/ui";
import classes from "./Calendar.module.css";
import { type CalendarView, monthAfter, weekStart } from "./days";
import type { Task } from "./tasks";

interface Props {
  view: Exclude<CalendarView, "day">;
  days: string[];
  day: string;
  today: string;
  tasks: Task[];
  onDay: (day: string) => void;
  onOpen: (task: Task) => void;
}

/** Tasks named in a day of a month; the rest are counted. */
const NAMED = 3;

/** The days of a month or a week: arrows walk from day to day, Page keys from month to month. */
export function CalendarGrid({ view, days, day, today, tasks, onDay, onOpen }: Props) {
  const { t } = useTranslation("tasks");
  const f = useFormat();
  const grid = useRef<HTMLTableElement>(null);
  const walked = useRef(false);
  const focusDay = day;
  useEffect(() => {
    if (walked.current) grid.current?.querySelector<HTMLElement>(`[data-day="${focusDay}"]`)?.focus();
    walked.current = false;
  }, [focusDay]);
  const walk = (event: KeyboardEvent) => {
    const to: Record<string, string> = {
      ArrowLeft: dayAfter(day, -1),
      ArrowRight: dayAfter(day, 1),
      ArrowUp: dayAfter(day, -7),
      ArrowDown: dayAfter(day, 7),
      PageUp: monthAfter(day, -1),
      PageDown: monthAfter(day, 1),
      Home: weekStart(day),
      End: dayAfter(weekStart(day), 6),
    };
    const next = to[event.key];
    if (!next || !(event.target as HTMLElement).dataset.day) return;
    event.preventDefault();
    walked.current = true;
    onDay(next);
  };
  const weekday = new Intl.DateTimeFormat(f.language, { weekday: "short", timeZone: "UTC" });
  const weeks = Array.from({ length: days.length / 7 }, (_, index) => days.slice(index * 7, index * 7 + 7));
  return (
    <table className={classes.grid} data-view={view} ref={grid} onKeyDown={walk}>
      <caption className={classes.caption}>{t("calendar.hint")}</caption>
      <thead>
        <tr>
          {days.slice(0, 7).map((one) => (
            <th key={one} scope="col">
              {weekday.format(new Date(`${one}T00:00:00Z`))}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {weeks.map((week) => (
          <tr key={week[0]}>
            {week.map((one) => (
              <Day
                key={one}
                on={one}
                chosen={one === day}
                today={one === today}
                beside={view === "month" && one.slice(0, 7) !== day.slice(0, 7)}
                named={view === "month" ? NAMED : 20}
                tasks={tasks.filter((task) => task.due_on === one)}
                onDay={onDay}
                onOpen={onOpen}
              />
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DayProps {
  on: string;
  chosen: boolean;
  today: boolean;
  /** Of the month before or after. */
  beside: boolean;
  named: number;
  tasks: Task[];
  onDay: (day: string) => void;
  onOpen: (task: Task) => void;
}

function Day({ on, chosen, today, beside, named, tasks, onDay, onOpen }: DayProps) {
  const { t } = useTranslation("tasks");
  const f = useFormat();
  const count = tasks.length > 0 ? t("calendar.count", { count: tasks.length }) : "";
  return (
    <td className={classes.day} data-chosen={chosen || undefined}>
      <button
        type="button"
        className={classes.date}
        data-day={on}
        data-today={today || undefined}
        data-beside={beside || undefined}
        tabIndex={chosen ? 0 : -1}
        aria-pressed={chosen}
        aria-current={today ? "date" : undefined}
        onClick={() => onDay(on)}
      >
        <span aria-hidden="true">{Number(on.slice(8))}</span>
        <VisuallyHidden>{[f.date(on), count].filter(Boolean).join(" · ")}</VisuallyHidden>
        {tasks.length > 0 && (
          <span className={classes.dot} aria-hidden="true">
            {tasks.length}
          </span>
        )}
      </button>
      <ul className={classes.tasks}>
        {tasks.slice(0, named).map((task) => (
          <li key={task.id}>
            <button
              type="button"
              className={classes.task}
              data-overdue={task.overdue || undefined}
              data-ended={task.status !== "open" || undefined}
              tabIndex={chosen ? 0 : -1}
              title={task.title}
              onClick={() => onOpen(task)}
            >
              {task.due_time && <span className="tabular">{task.due_time} </span>}
              {task.title}
            </button>
          </li>
        ))}
      </ul>
      {tasks.length > named && (
        <span className={classes.more}>{t("calendar.more", { count: tasks.length - named })}</span>
      )}
    </td>
  );
}
