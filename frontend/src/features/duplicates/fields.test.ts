import { describe, expect, it } from "vitest";
import { choicesOf, type FieldRow, startingSide } from "./fields";

const row = (key: string, one: string[], other: string[], joins = false): FieldRow => ({
  key,
  label: key,
  lines: [one, other],
  differs: one.join() !== other.join(),
  joins,
  fixed: key === "code",
});

describe("what a merge takes", () => {
  it.each([
    [row("name", ["A"], ["B"]), 0, 0],
    [row("name", ["A"], ["B"]), 1, 1],
    [row("gender", [], ["male"]), 0, 1],
    [row("owner", [], ["Lin"]), 0, 0],
    [row("phones", ["1"], ["2"], true), 1, "both"],
    [row("note", ["x"], ["y"], true), 0, 0],
    [row("code", ["C-1"], ["C-2"]), 1, 1],
  ] as const)("%o kept %s", (one, kept, side) => {
    expect(startingSide(one, kept)).toBe(side);
  });

  it("is told in the words of the contract, of fields that differ", () => {
    const rows = [
      row("code", ["C-1"], ["C-2"]),
      row("name", ["A"], ["B"]),
      row("gender", ["male"], ["male"]),
      row("phones", ["1"], ["2"], true),
      row("custom.plate", ["x"], ["y"]),
    ];
    expect(choicesOf(rows, { name: 0 }, 1)).toEqual({
      name: "gone",
      phones: "both",
      custom: { plate: "kept" },
    });
  });
});
