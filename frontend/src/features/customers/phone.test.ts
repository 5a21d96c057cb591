import { expect, it } from "vitest";
import { phoneWords } from "./phone";

it("writes mainland numbers the way people say them", () => {
  expect(phoneWords("+8613800138000")).toBe("138 0013 8000");
  expect(phoneWords("+862161234567")).toBe("021-61234567");
  expect(phoneWords("+8657187654321")).toBe("0571-87654321");
});

it("leaves other numbers as they are", () => {
  expect(phoneWords("+442071838750")).toBe("+442071838750");
  expect(phoneWords(null)).toBe("");
});
