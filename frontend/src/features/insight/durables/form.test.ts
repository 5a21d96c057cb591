import { expect, it } from "vitest";
import { safeParse } from "zod/mini";
import { blank, durablesOf, schema, valuesOf } from "./form";
import type { DurableSettings } from "./queries";

const cars: DurableSettings = {
  key: "car",
  name_zh: "家用轿车",
  name_en: "Family cars",
  category_ids: ["c1"],
  product_ids: [],
  units: 1500,
  price: 18_000_050,
  parts: 0,
  service: 2_400_000,
  finance: 900_000,
};

const paths = (values: unknown) => {
  const result = safeParse(schema, values);
  return result.success ? [] : result.error.issues.map((issue) => issue.path.join("."));
};

it("shows what was set and sets what was shown", () => {
  const typed = valuesOf([cars], "CNY");
  expect(typed[0]).toMatchObject({ units: "1.5", price: "180000.5", parts: "0", service: "24000" });
  expect(durablesOf(typed, "CNY")).toEqual([cars]);
  expect(durablesOf(valuesOf([cars], "JPY"), "JPY")).toEqual([cars]);
  expect(paths({ groups: typed })).toEqual([]);
});

it("takes nothing typed for nothing, and refuses what is no amount", () => {
  const one = { ...blank([]), name_zh: "车", name_en: "Cars", category_ids: ["c1"] };
  expect(paths({ groups: [one] })).toEqual([]);
  expect(durablesOf([one], "CNY")[0]).toMatchObject({ units: 1000, price: 0, finance: 0 });
  const wrong = { ...one, units: "101", price: "-1", parts: "many", name_en: "" };
  expect(paths({ groups: [wrong] }).sort()).toEqual(
    ["groups.0.name_en", "groups.0.parts", "groups.0.price", "groups.0.units"].sort(),
  );
});
