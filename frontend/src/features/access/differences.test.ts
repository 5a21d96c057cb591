import { expect, it } from "vitest";
import { differences } from "./differences";

it("lists what changed, nested fields by path", () => {
  expect(
    differences(
      { name: "A", custom: { size: 1, seat: "x" }, same: [1] },
      { name: "B", custom: { size: 2, seat: "x" }, same: [1] },
    ),
  ).toEqual([
    { field: "name", before: "A", after: "B" },
    { field: "custom.size", before: "1", after: "2" },
  ]);
});

it("shows a creation as values that were not there", () => {
  expect(differences(null, { name: "A", note: null })).toEqual([
    { field: "name", before: undefined, after: "A" },
  ]);
});
