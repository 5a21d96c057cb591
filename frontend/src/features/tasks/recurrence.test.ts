import { expect, test } from "vitest";
import { RULES, ruleName } from "./recurrence";

test("every rule offered has one name, and others have none", () => {
  for (const [name, rule] of Object.entries(RULES)) expect(ruleName(rule)).toBe(name);
  expect(ruleName("FREQ=MONTHLY;BYDAY=2TU")).toBeUndefined();
});
