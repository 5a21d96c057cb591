/** Days of a calendar as `YYYY-MM-DD`: no zone, no time. Weeks begin on Monday. */
import { dayAfter } from "@/shared/format/day";

export const VIEWS = ["month", "week", "day"] as const;
export type CalendarView = (typeof VIEWS)[number];

const at = (day: string) => new Date(`${day}T00:00:00Z`);

export const weekStart = (day: string): string => dayAfter(day, -((at(day).getUTCDay() + 6) % 7));

/** The same day so many months later, or the last of that month where it has no such day. */
export function monthAfter(day: string, months: number): string {
  const [year = 0, month = 1, date = 1] = day.split("-").map(Number);
  const last = new Date(Date.UTC(year, month + months, 0)).getUTCDate();
  return new Date(Date.UTC(year, month - 1 + months, Math.min(date, last))).toISOString().slice(0, 10);
}

/** The days a view shows: whole weeks around a month, a week, a day. */
export function daysShown(view: CalendarView, day: string): string[] {
  if (view === "day") return [day];
  const first = weekStart(view === "week" ? day : `${day.slice(0, 8)}01`);
  if (view === "week") return Array.from({ length: 7 }, (_, index) => dayAfter(first, index));
  const next = monthAfter(`${day.slice(0, 8)}01`, 1);
  const days: string[] = [];
  for (let one = first; one < next || days.length % 7 !== 0; one = dayAfter(one, 1)) days.push(one);
  return days;
}

/** One step of a view forth or back. */
export const stepped = (view: CalendarView, day: string, steps: number): string =>
  view === "month" ? monthAfter(day, steps) : dayAfter(day, steps * (view === "week" ? 7 : 1));
