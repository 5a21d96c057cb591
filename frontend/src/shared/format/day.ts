/** Calendar days as `YYYY-MM-DD`: no zone, no time. */

/** The day it is at that instant for a business in that zone. */
export const dayIn = (timeZone: string, at: Date = new Date()): string =>
  new Intl.DateTimeFormat("sv-SE", { timeZone }).format(at);

/** The day so many days later; less than nothing for earlier. */
export const dayAfter = (day: string, days: number): string =>
  new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
