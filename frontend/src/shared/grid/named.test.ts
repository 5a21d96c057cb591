import { expect, it } from "vitest";
import { namedOptions } from "./named";

it("names the unit only of those whose name is not theirs alone", () => {
  const options = namedOptions([
    { id: "1", name: "常客", unit: { name: "华东门店" } },
    { id: "2", name: "常客", unit: { name: "华北门店" } },
    { id: "3", name: "茶友会", unit: { name: "华东门店" } },
    { id: "4", name: "茶友会 2" },
  ]);
  expect(options.map((one) => one.label)).toEqual([
    "常客 · 华东门店",
    "常客 · 华北门店",
    "茶友会",
    "茶友会 2",
  ]);
});
