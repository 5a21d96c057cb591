/** Calendar days as `YYYY-MM-DD`: no zone, no time. */

/** The day it is at that instant for a business in that zone. */
export const dayIn = (timeZone: string, at: Date = new Date()): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone }).format(at);

/** The last second of a day for a business in that zone. */
export function endOfDay(day: string, timeZone: string): Date {
  const wanted = Date.parse(`${day}T23:59:59Z`);
  const clock = new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "medium" });
  const shown = (at: number) => Date.parse(`${clock.format(at).replace(" ", "T")}Z`);
  // The second step settles what a change of the clocks in between moved.
  const near = wanted + (wanted - shown(wanted));
  return new Date(near + (wanted - shown(near)));
}

/** The day so many days later; less than nothing for earlier. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
