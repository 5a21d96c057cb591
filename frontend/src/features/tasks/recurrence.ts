/** The rules people choose from; any other of RFC 5545 that came through the API is kept and shown as it is. */

export const RULES: Record<string, string> = {
  daily: "FREQ=DAILY",
  workdays: "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
  weekly: "FREQ=WEEKLY",
  fortnightly: "FREQ=WEEKLY;INTERVAL=2",
  monthly: "FREQ=MONTHLY",
  month_end: "FREQ=MONTHLY;BYMONTHDAY=-1",
  quarterly: "FREQ=MONTHLY;INTERVAL=3",
  yearly: "FREQ=YEARLY",
  four_yearly: "FREQ=YEARLY;INTERVAL=4",
};

/** The word for a rule, or nothing where it is one of its own. */
export const ruleName = (rule: string): string | undefined =>
  Object.entries(RULES).find(([, known]) => known === rule)?.[0];
