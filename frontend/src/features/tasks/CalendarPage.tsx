import { IconChevronLeft, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "@/api";
import { useCreating } from "@/app/creating";
import { useShortcuts } from "@/app/shortcuts";
import { useFormat } from "@/shared/format";
import { dayIn } from "@/shared/format/day";
import {
  Button,
  ErrorState,
  Group,
  IconButton,
  Page,
  PageHeader,
  Panel,
  SegmentedControl,
  Switch,
} from "@/shared/ui";
import classes from "./Calendar.module.css";
import { CalendarGrid } from "./CalendarGrid";
import { type CalendarView, daysShown, stepped, VIEWS } from "./days";
import { TaskRows } from "./TaskRows";
import tasksClasses from "./Tasks.module.css";
import { calendarQuery, type Task } from "./tasks";

const TaskDialog = lazy(() => import("./TaskDialog"));

export interface CalendarSearch {
  view?: CalendarView;
  on?: string;
  /** Everyone's within reach instead of one's own. */
  all?: boolean;
}

/** What is due when: a month, a week, a day; beside it the chosen day, to be worked through. */
export function CalendarPage() {
  const { t } = useTranslation("tasks");
  const f = useFormat();
  const me = useMe();
  const navigate = useNavigate();
  const { view = "month", on, all = false } = useSearch({ from: "/_app/calendar" });
  const today = dayIn(me.company.time_zone);
  const day = on ?? today;
  const days = daysShown(view, day);
  const [shown, setShown] = useState<Task>();
  const creating = useCreating(useCan("activities:task:write"), t("new"));
  const query = useQuery(calendarQuery(all ? undefined : me.id, days[0] ?? day, days.at(-1) ?? day));
  const go = (change: CalendarSearch) =>
    void navigate({ to: "/calendar", search: { view, on, all: all || undefined, ...change }, replace: true });
  useShortcuts({ h: () => go({ on: undefined }) });
  const tasks = query.data ?? [];
  const ofDay = tasks.filter((task) => task.due_on === day);
  return (
    <Page width="full">
      <PageHeader title={t("calendar.title")} actions={creating.button} />
      <div className={classes.bar}>
        <Group gap={4} wrap="nowrap">
          <IconButton
            label={t(`calendar.before.${view}`)}
            size="lg"
            onClick={() => go({ on: stepped(view, day, -1) })}
          >
            <IconChevronLeft size={18} />
          </IconButton>
          <Button variant="default" size="sm" onClick={() => go({ on: undefined })}>
            {t("day.today")}
          </Button>
          <IconButton
            label={t(`calendar.after.${view}`)}
            size="lg"
            onClick={() => go({ on: stepped(view, day, 1) })}
          >
            <IconChevronRight size={18} />
          </IconButton>
          <h2 className={classes.span} aria-live="polite">
            {view === "month" ? monthName(f.language, day) : f.date(view === "week" ? days[0] : day)}
            {view === "week" && ` – ${f.date(days.at(-1))}`}
          </h2>
        </Group>
        <Group gap="md">
          <Switch
            label={t("calendar.all")}
            checked={all}
            onChange={(event) => go({ all: event.currentTarget.checked || undefined })}
          />
          <SegmentedControl
            aria-label={t("calendar.view")}
            data={VIEWS.map((value) => ({ value, label: t(`calendar.${value}`) }))}
            value={view}
            onChange={(value) => go({ view: value as CalendarView })}
          />
        </Group>
      </div>
      {query.error && <ErrorState error={query.error} onRetry={() => void query.refetch()} />}
      <div className={classes.halves} data-view={view}>
        {view !== "day" && (
          <CalendarGrid
            view={view}
            days={days}
            day={day}
            today={today}
            tasks={tasks}
            onDay={(next) => go({ on: next })}
            onOpen={setShown}
          />
        )}
        <Panel title={f.date(day)} flush>
          {ofDay.length === 0 ? (
            <p className={tasksClasses.nothing}>{t("calendar.nothing")}</p>
          ) : (
            <TaskRows tasks={ofDay} label={f.date(day)} onOpen={setShown} shortcut="j" />
          )}
        </Panel>
      </div>
      <Suspense>
        {(creating.opened || shown) && (
          <TaskDialog
            key={shown?.id}
            task={shown}
            due={day}
            onClose={() => {
              setShown(undefined);
              creating.close();
            }}
          />
        )}
      </Suspense>
    </Page>
  );
}

const monthName = (language: string, day: string) =>
  new Intl.DateTimeFormat(language, { year: "numeric", month: "long", timeZone: "UTC" }).format(
    new Date(`${day}T00:00:00Z`),
  );
