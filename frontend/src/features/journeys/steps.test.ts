import { describe, expect, it } from "vitest";
import type { JourneyStep } from "./queries";
import { inOrder, sentSteps, withOneMore } from "./steps";

const step = (key: string, more: Partial<JourneyStep> = {}): JourneyStep => ({
  key,
  name_zh: key,
  name_en: "",
  offset: { count: 1, unit: "days" },
  channel: "call",
  role: "owner",
  proof: "none",
  ...more,
});

describe("steps of a template", () => {
  it("are named by keys that no other has", () => {
    const steps = withOneMore([step("step_2")]);
    expect(steps.map((one) => one.key)).toEqual(["step_2", "step_3"]);
    expect(steps[1]?.after).toBe("step_2");
  });

  it("name only steps before them", () => {
    const steps = inOrder([
      step("b", { after: "a" }),
      step("a"),
      step("c", { after: "gone", wait_for: "a" }),
    ]);
    expect(steps.map((one) => [one.after, one.wait_for])).toEqual([
      [null, null],
      [null, null],
      [null, "a"],
    ]);
  });

  it("are sent with the other language's name where one is missing, and without emptied numbers", () => {
    const empty = "" as unknown as number;
    const [sent] = sentSteps([step("a", { every: { count: 4, unit: "years" }, times: empty, user_id: "x" })]);
    expect(sent).toMatchObject({ name_en: "a", times: null, user_id: null, every: { count: 4 } });
  });
});
