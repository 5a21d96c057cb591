import { expect, it } from "vitest";
import { dayIn, endOfDay } from "./day";

it.each([
  ["2026-11-22", "Asia/Shanghai", "2026-11-22T15:59:59.000Z"],
  ["2026-11-22", "UTC", "2026-11-22T23:59:59.000Z"],
  ["2026-03-08", "America/Los_Angeles", "2026-03-09T06:59:59.000Z"],
  ["2026-11-01", "America/Los_Angeles", "2026-11-02T07:59:59.000Z"],
  ["2026-06-30", "Pacific/Kiritimati", "2026-06-30T09:59:59.000Z"],
])("the day %s in %s ends at %s", (day, zone, end) => {
  expect(endOfDay(day, zone).toISOString()).toBe(end);
  expect(dayIn(zone, endOfDay(day, zone))).toBe(day);
});
