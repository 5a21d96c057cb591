import { expect, it } from "vitest";
import { optionOf, optionValuesOf } from "./options";

it("reads one choice a line, with what it adds after an equals sign", () => {
  const values = { key: "a", name: " Colour ", choices: "White\n\nBlack = 20\nUsed ＝ -5.5\nA=b" };
  expect(optionOf(values, "CNY")).toEqual({
    name: "Colour",
    choices: [
      { name: "White", price_difference: null },
      { name: "Black", price_difference: { amount: "20", currency: "CNY" } },
      { name: "Used", price_difference: { amount: "-5.5", currency: "CNY" } },
      { name: "A=b", price_difference: null },
    ],
  });
});

it("writes what it reads", () => {
  const option = {
    name: "Size",
    choices: [{ name: "M" }, { name: "L", price_difference: { amount: "10.50", currency: "CNY" } }],
  };
  expect(optionValuesOf(option).choices).toBe("M\nL = 10.5");
});
