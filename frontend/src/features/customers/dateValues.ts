/** A date of life as a form holds it: parts as text, empty where nothing is known. */
import type { Schema } from "@/api";

export type DateEntry = Schema<"DateEntry">;

export interface DateValues extends Record<string, unknown> {
  kind: string;
  label: string;
  person: string;
  lunar: boolean;
  /** Empty when the year is not known. */
  year: string;
  month: string;
  day: string;
  leap: boolean;
  yearly: boolean;
  leap_day: Schema<"LeapDay">;
  leap_month: Schema<"LeapMonth">;
}

export const blankDate = (): DateValues => ({
  kind: "birthday",
  label: "",
  person: "",
  lunar: false,
  year: "",
  month: "",
  day: "",
  leap: false,
  yearly: true,
  leap_day: "feb28",
  leap_month: "leap_or_ordinary",
});

export function dateValues(entry: DateEntry): DateValues {
  const [year = "", month = "", day = ""] = entry.date?.split("-") ?? [
    "",
    ...(entry.month_day ?? "").split("-"),
  ];
  const plain = (part: string) => part.replace(/^0+/, "");
  return {
    kind: entry.kind,
    label: entry.label ?? "",
    person: entry.person ?? "",
    lunar: Boolean(entry.lunar),
    year: entry.lunar ? String(entry.lunar.year ?? "") : year,
    month: entry.lunar ? String(entry.lunar.month) : plain(month),
    day: entry.lunar ? String(entry.lunar.day) : plain(day),
    leap: entry.lunar?.leap ?? false,
    yearly: entry.yearly ?? true,
    leap_day: entry.leap_day ?? "feb28",
    leap_month: entry.leap_month ?? "leap_or_ordinary",
  };
}

/** Month and day are chosen, and the year where it must be. */
export const isWhole = (one: DateValues): boolean =>
  Boolean(one.month && one.day && (one.yearly || one.year));

/** Whether the policy for 29 February, or for leap months, makes a difference. */
export const asksLeapDay = (one: DateValues): boolean =>
  !one.lunar && one.yearly && one.month === "2" && one.day === "29";
export const asksLeapMonth = (one: DateValues): boolean => one.lunar && one.yearly && one.leap;

export function dateEntry(one: DateValues): DateEntry {
  const two = (part: string) => part.padStart(2, "0");
  const monthDay = `${two(one.month)}-${two(one.day)}`;
  const year = one.year.trim();
  return {
    kind: one.kind,
    label: one.label.trim() || null,
    person: one.person.trim() || null,
    yearly: one.yearly,
    ...(one.lunar
      ? {
          lunar: {
            ...(year && { year: Number(year) }),
            month: Number(one.month),
            day: Number(one.day),
            leap: one.leap,
          },
        }
      : year
        ? { date: `${year.padStart(4, "0")}-${monthDay}` }
        : { month_day: monthDay }),
    ...(asksLeapDay(one) && { leap_day: one.leap_day }),
    ...(asksLeapMonth(one) && { leap_month: one.leap_month }),
  };
}
