/** Dated facts: the form of what each kind holds, and their order in the panel. */
import type { Fact } from "./types";

export const FORMS = ["text", "number", "amount"] as const;
export type FactForm = (typeof FORMS)[number];

/** The form of the kinds the program knows; a company's own hold any. */
export function formOf(kind: string | null): FactForm | null {
  if (kind === "total_purchases" || kind === "revenue") return "amount";
  if (kind === "staff") return "number";
  return kind === "credit_grade" ? "text" : null;
}

/** What a fact holds, as it would be typed. */
export function heldOf(fact: Pick<Fact, "amount" | "number" | "text">): { form: FactForm; typed: string } {
  if (fact.amount) return { form: "amount", typed: fact.amount.amount };
  if (typeof fact.number === "number") return { form: "number", typed: String(fact.number) };
  return { form: "text", typed: fact.text ?? "" };
}

/** By kind, the latest of each first; kinds in the order of their latest. */
export function latestFirst(facts: Fact[]): Fact[][] {
  const byKind = new Map<string, Fact[]>();
  for (const fact of facts) byKind.set(fact.kind, [...(byKind.get(fact.kind) ?? []), fact]);
  return [...byKind.values()];
}
