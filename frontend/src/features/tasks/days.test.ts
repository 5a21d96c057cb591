import { expect, test } from "vitest";
import { daysShown, monthAfter, stepped, weekStart } from "./days";

test.each([
  ["2026-11-22", "2026-11-16"],
  ["2026-11-23", "2026-11-23"],
  ["2027-01-01", "2026-12-28"],
])("the week of %s begins on %s", (day, monday) => {
  expect(weekStart(day)).toBe(monday);
});

test.each([
  ["2026-01-31", 1, "2026-02-28"],
  ["2028-01-31", 1, "2028-02-29"],
  ["2026-01-15", -1, "2025-12-15"],
  ["2026-12-31", 2, "2027-02-28"],
])("%s and %i months is %s", (day, months, then) => {
  expect(monthAfter(day, months)).toBe(then);
});

test("a month is shown in whole weeks", () => {
  const days = daysShown("month", "2026-11-22");
  expect([days[0], days.at(-1), days.length]).toEqual(["2026-10-26", "2026-12-06", 42]);
  expect(daysShown("month", "2027-02-10")).toHaveLength(28);
  expect(daysShown("week", "2026-11-22")).toEqual([
    "2026-11-16",
    "2026-11-17",
    "2026-11-18",
    "2026-11-19",
    "2026-11-20",
    "2026-11-21",
    "2026-11-22",
  ]);
  expect(stepped("week", "2026-11-22", -1)).toBe("2026-11-15");
  expect(stepped("day", "2026-11-30", 1)).toBe("2026-12-01");
});
