import { createFileRoute } from "@tanstack/react-router";
import { CalendarPage, type CalendarSearch } from "@/features/tasks/CalendarPage";

const DAY = /^\d{4}-\d{2}-\d{2}$/;
const isDay = (value: unknown): value is string =>
  typeof value === "string" && DAY.test(value) && !Number.isNaN(Date.parse(value));

export const Route = createFileRoute("/_app/calendar")({
  validateSearch: (search: Record<string, unknown>): CalendarSearch => ({
    view: search.view === "week" || search.view === "day" ? search.view : undefined,
    on: isDay(search.on) ? search.on : undefined,
    all: search.all === true || undefined,
  }),
  component: CalendarPage,
});
