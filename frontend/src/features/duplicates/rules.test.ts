import { expect, test } from "vitest";
import { newRule, partChanged, type Rules, rulesOf, valuesOf } from "./rules";

const RULES: Rules = {
  possible: 60,
  certain: 90,
  rules: [
    { key: "same_phone", weight: 60, all: [{ any: [{ field: "phone", how: "same" }] }] },
    {
      key: "shared_contact",
      weight: -15,
      kind: "person",
      all: [
        {
          any: [
            { field: "phone", how: "same" },
            { field: "email", how: "same" },
          ],
        },
        { any: [{ field: "name", how: "different", percent: 30 }] },
      ],
    },
  ],
};

test("rules come back from the form as they went in", () => {
  expect(rulesOf(valuesOf(RULES))).toEqual(RULES);
});

test("a comparison that no longer fits its field is set anew", () => {
  const alike = { field: "name", how: "similar", percent: "90" } as const;
  expect(partChanged(alike, { field: "phone" })).toEqual({ field: "phone", how: "same", percent: "" });
  expect(partChanged(alike, { how: "different" })).toEqual({
    field: "name",
    how: "different",
    percent: "90",
  });
  expect(partChanged({ field: "name", how: "same", percent: "" }, { how: "similar" }).percent).toBe("85");
});

test("a new rule has a key of its own", () => {
  const one = { ...newRule([]), key: "rule_2" };
  expect(newRule([one]).key).toBe("rule_3");
});
