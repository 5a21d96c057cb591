/** The steps of a template while it is edited. */
import type { JourneyStep } from "./queries";

/** A new step at the end, under a key that no other has. */
export function withOneMore(steps: JourneyStep[]): JourneyStep[] {
  let number = steps.length + 1;
  while (steps.some((one) => one.key === `step_${number}`)) number += 1;
  const step: JourneyStep = {
    key: `step_${number}`,
    name_zh: "",
    name_en: "",
    offset: { count: 7, unit: "days" },
    after: steps.at(-1)?.key ?? null,
    channel: "call",
    role: "owner",
    proof: "none",
  };
  return [...steps, step];
}

/** Steps name only steps before them: what was moved or removed is waited for no more. */
export function inOrder(steps: JourneyStep[]): JourneyStep[] {
  const before = new Set<string>();
  return steps.map((step) => {
    const known = (key: string | null | undefined) => (key && before.has(key) ? key : null);
    const kept = { ...step, after: known(step.after), wait_for: known(step.wait_for) };
    before.add(step.key);
    return kept;
  });
}

/** As it is sent: emptied numbers are none. */
export function sentSteps(steps: JourneyStep[]): JourneyStep[] {
  return steps.map((step) => ({
    ...step,
    name_zh: step.name_zh.trim() || step.name_en.trim(),
    name_en: step.name_en.trim() || step.name_zh.trim(),
    offset: { ...step.offset, count: Number(step.offset.count) || 0 },
    every: step.every ? { ...step.every, count: Number(step.every.count) || 0 } : null,
    times: step.every ? Number(step.times) || null : null,
    user_id: step.role === "person" ? step.user_id : null,
    role_id: step.role === "role" ? step.role_id : null,
  }));
}
