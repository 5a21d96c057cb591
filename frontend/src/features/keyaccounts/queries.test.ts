import { expect, test } from "vitest";
import { type KeyAccount, plansOf, type Touchpoint } from "./queries";

const touchpoint = (more: Partial<Touchpoint>): Touchpoint => ({
  group: "contact",
  key: "call",
  last_on: "2026-05-01",
  times: 3,
  every_days: null,
  due_on: null,
  state: "met",
  note: null,
  ...more,
});

test("what nobody planned is not written, and days are written only where they are noted by hand", () => {
  const account = {
    touchpoints: [
      touchpoint({}),
      touchpoint({ key: "visit", every_days: 60 }),
      touchpoint({ group: "place", key: "fair", times: null }),
    ],
  } as KeyAccount;
  expect(plansOf(account)).toEqual([
    { group: "contact", key: "visit", every_days: 60, met_on: null, note: null },
    { group: "place", key: "fair", every_days: null, met_on: "2026-05-01", note: null },
  ]);
  const changed = touchpoint({ group: "place", key: "fair", last_on: null });
  expect(plansOf(account, changed).map((one) => one.key)).toEqual(["visit"]);
});
