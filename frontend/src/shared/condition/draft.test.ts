import { expect, it } from "vitest";
import type { Condition } from "@/api/types";
import { draftOf, newGroup, newLeaf, written } from "./draft";

const leaf = (field: string): Condition => ({ field, op: "eq", value: "x" });

it("writes back the condition it was made from", () => {
  const condition: Condition = {
    all: [leaf("a"), { any: [leaf("b"), leaf("c")] }, { not: { any: [leaf("d")] } }],
  };
  expect(written(draftOf(condition))).toEqual(condition);
});

it("reads a denied group of all as none of one group", () => {
  const condition: Condition = { not: { all: [leaf("a"), leaf("b")] } };
  expect(written(draftOf(condition))).toEqual({ not: { any: [{ all: [leaf("a"), leaf("b")] }] } });
});

it("leaves out what is not filled in", () => {
  const draft = newGroup("all", [
    newLeaf(),
    newLeaf({ field: "a", op: "in", value: [] }),
    newLeaf({ field: "n", op: "between", value: [1, undefined] }),
    newGroup("any", []),
  ]);
  expect(written(draft)).toBeUndefined();
  draft.parts.push(newLeaf({ field: "a", op: "is_null" }));
  expect(written(draft)).toEqual({ all: [{ field: "a", op: "is_null", value: true }] });
});
