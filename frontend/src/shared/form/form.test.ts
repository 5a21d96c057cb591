import { expect, it } from "vitest";
import { changed, pointerToPath } from ".";

it("turns pointers into form paths", () => {
  expect(pointerToPath("/phones/0/number")).toBe("phones.0.number");
  expect(pointerToPath("#/custom/a~1b")).toBe("custom.a/b");
});

it("sends only what changed", () => {
  expect(
    changed({ name: "a", tags: ["x"], note: null }, { name: "a", tags: ["x", "y"], note: null }),
  ).toEqual({
    tags: ["x", "y"],
  });
});
