import { describe, expect, it } from "vitest";
import { requiredIn } from "./requiredIf";

const record = {
  status: "customer",
  level: null,
  internal: true,
  note: " ",
  custom: { brewing: "drip", likes: ["tea", "cake"], none: [], budget: { amount: "1.00", currency: "CNY" } },
};

describe("whether a custom field is required", () => {
  it("follows the field that decides", () => {
    for (const [field, values, required] of [
      ["status", ["customer"], true],
      ["status", ["lead"], false],
      ["level", ["vip"], false],
      ["level", [], false],
      ["note", [], false],
      ["internal", ["true"], true],
      ["custom.brewing", ["drip"], true],
      ["custom.brewing", [], true],
      ["custom.brewing", ["siphon"], false],
      ["custom.likes", ["cake"], true],
      ["custom.none", [], false],
      ["custom.budget", [], true],
      ["custom.unknown", [], false],
    ] as const) {
      expect(
        requiredIn({ required: false, required_if: { field, values: [...values] } }, record),
        `${field} ${values}`,
      ).toBe(required);
    }
  });
  it("is required always, or never, without a condition", () => {
    expect(requiredIn({ required: true, required_if: null }, record)).toBe(true);
    expect(requiredIn({ required: false }, record)).toBe(false);
  });
});
