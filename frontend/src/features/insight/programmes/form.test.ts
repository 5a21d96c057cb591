import { expect, it } from "vitest";
import { safeParse } from "zod/mini";
import { ApiProblem } from "@/api/problem";
import { nearer } from "../goods/form";
import { blank, programmesOf, schema, valuesOf } from "./form";
import type { ProgrammeSettings } from "./queries";

const club: ProgrammeSettings = {
  key: "club",
  name_zh: "会员月卡",
  name_en: "Monthly membership",
  category_ids: ["c1"],
  product_ids: ["p1", "p2"],
  period_months: 1,
  grace_days: 15,
};

const paths = (values: unknown) => {
  const result = safeParse(schema, values);
  return result.success ? [] : result.error.issues.map((issue) => issue.path.join("."));
};

it("shows what was set and sets what was shown", () => {
  expect(programmesOf(valuesOf([club]))).toEqual([club]);
  expect(paths({ groups: valuesOf([club]) })).toEqual([]);
});

it("asks for names, for goods and for whole numbers within limits", () => {
  const values = valuesOf([club]);
  const first = values[0];
  if (!first) throw new Error("no programme");
  const wrong = {
    ...first,
    name_en: " ",
    category_ids: [],
    product_ids: [],
    period_months: "0",
    grace_days: "1.5",
  };
  expect(paths({ groups: [wrong] }).sort()).toEqual(
    ["groups.0.category_ids", "groups.0.grace_days", "groups.0.name_en", "groups.0.period_months"].sort(),
  );
  expect(paths({ groups: [{ ...first, category_ids: [], product_ids: [] }] })).toEqual([
    "groups.0.category_ids",
  ]);
});

it("gives a new programme a key of its own", () => {
  const one = blank([]);
  const two = blank([one]);
  expect([one.key, two.key]).toEqual(["programme_1", "programme_2"]);
  expect(blank([two]).key).toBe("programme_3");
});

it("puts a refusal where the form has the field", () => {
  const refused = new ApiProblem(422, {
    errors: [{ pointer: "/settings/insight/programmes/0/key", code: "duplicate", detail: "double" }],
  });
  const near = nearer(refused, "programmes");
  expect((near as ApiProblem).errors[0]?.pointer).toBe("/groups/0/key");
  expect(nearer("other", "programmes")).toBe("other");
});
