import { expect, it } from "vitest";
import { sameJson } from "./same";

it("looks past the order of members and past absent ones, not past the order of a list", () => {
  expect(sameJson({ a: 1, b: { d: [1, 2], c: undefined } }, { b: { d: [1, 2] }, a: 1, e: null })).toBe(true);
  expect(sameJson({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
  expect(sameJson({ a: 1 }, { a: "1" })).toBe(false);
});
