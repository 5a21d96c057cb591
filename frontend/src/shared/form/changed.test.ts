import * as fc from "fast-check";
import { expect, it } from "vitest";
import { changed } from "./useServerForm";

const values = fc.record({
  name: fc.string(),
  level: fc.option(fc.string()),
  internal: fc.boolean(),
  phones: fc.array(fc.record({ number: fc.string(), primary: fc.boolean() }), { maxLength: 3 }),
});

it("sends what differs and nothing else: laid over the old values it gives the new ones", () => {
  fc.assert(
    fc.property(values, values, (before, after) => {
      const patch = changed(before, after);
      expect({ ...before, ...patch }).toEqual(after);
      for (const key of Object.keys(patch) as (keyof typeof before)[]) {
        expect(after[key]).not.toEqual(before[key]);
      }
    }),
  );
});

it("sends nothing when nothing changed, not even for lists made anew", () => {
  fc.assert(
    fc.property(values, (before) => void expect(changed(before, structuredClone(before))).toEqual({})),
  );
});
