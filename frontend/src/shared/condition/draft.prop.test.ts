import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { Condition } from "@/api/types";
import { allOf, isLeaf, partsOf } from "../grid/filters";
import { listSearch } from "../grid/search";
import { draftOf, written } from "./draft";

const value = fc.oneof(fc.string({ minLength: 1 }), fc.integer(), fc.boolean());
const leaf: fc.Arbitrary<Condition> = fc.oneof(
  fc.record({
    field: fc.string({ minLength: 1 }),
    op: fc.constantFrom("eq" as const, "ne" as const, "gte" as const),
    value,
  }),
  fc.record({
    field: fc.string({ minLength: 1 }),
    op: fc.constantFrom("in" as const, "any_of" as const, "none_of" as const),
    value: fc.array(value, { minLength: 1, maxLength: 3 }),
  }),
);
const { condition } = fc.letrec<{ condition: Condition }>((tie) => {
  const parts = fc.array(tie("condition"), { minLength: 1, maxLength: 3 });
  return {
    condition: fc.oneof(
      { maxDepth: 3 },
      leaf,
      parts.map((all) => ({ all })),
      parts.map((any) => ({ any })),
      parts.map((any) => ({ not: { any } })),
    ),
  };
});

it("gives back every condition the builder can show, a lone leaf inside a group", () => {
  fc.assert(
    fc.property(
      condition,
      (one) => void expect(written(draftOf(one))).toEqual(isLeaf(one) ? { all: [one] } : one),
    ),
  );
});

it("settles: what was written once is written the same again", () => {
  fc.assert(
    fc.property(condition, (one) => {
      const once = written(draftOf({ not: one }));
      expect(written(draftOf(once))).toEqual(once);
    }),
  );
});

it("joins parts to one condition and takes it apart again", () => {
  fc.assert(
    fc.property(
      fc.array(leaf, { maxLength: 4 }),
      (parts) => void expect(partsOf(allOf(parts))).toEqual(parts),
    ),
  );
});

it("survives the address of the page and the definition of a saved view", () => {
  fc.assert(
    fc.property(condition, fc.string(), (filter, q) => {
      const state = { q, sort: "-created_at", filter, cols: "name,code", view: undefined };
      expect(listSearch(JSON.parse(JSON.stringify(state)))).toEqual(state);
    }),
  );
  expect(listSearch({ filter: "nonsense", sort: ["x"], other: 1 })).toEqual({});
});
