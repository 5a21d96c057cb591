/** The rules by which duplicates are told, as a form holds them. */
import * as z from "zod/mini";
import type { Schema } from "@/api";

export type Rules = Schema<"DuplicateRules">;
type Rule = Rules["rules"][number];
type Part = Rule["all"][number]["any"][number];

export const FIELDS = ["phone", "email", "tax_id", "name", "birthday"] as const satisfies Part["field"][];

/** How a field can be compared: only names can be alike. */
export const howsOf = (field: Part["field"]): Part["how"][] =>
  field === "name" ? ["same", "similar", "different"] : ["same", "different"];

const percented = (part: Pick<Part, "field" | "how">) => part.field === "name" && part.how !== "same";

export interface PartValues {
  field: Part["field"];
  how: Part["how"];
  /** Of names that are alike or different; empty where none belongs. */
  percent: string;
}

export interface RuleValues {
  key: string;
  weight: string;
  kind: NonNullable<Rule["kind"]> | null;
  all: PartValues[][];
}

export interface RulesValues extends Record<string, unknown> {
  possible: string;
  certain: string;
  rules: RuleValues[];
}

export function valuesOf(rules: Rules): RulesValues {
  const part = ({ field, how, percent }: Part): PartValues => ({
    field,
    how,
    percent: percent ? String(percent) : "",
  });
  return {
    possible: String(rules.possible),
    certain: String(rules.certain),
    rules: rules.rules.map((rule) => ({
      key: rule.key,
      weight: String(rule.weight),
      kind: rule.kind ?? null,
      all: rule.all.map((group) => group.any.map(part)),
    })),
  };
}

/** What cannot be read as a whole number goes to the server as 0, which says what would be right. */
const whole = (typed: string) => {
  const number = Number(typed.trim().replace("−", "-"));
  return Number.isInteger(number) ? number : 0;
};

export function rulesOf(values: RulesValues): Rules {
  const part = ({ field, how, percent }: PartValues): Part =>
    percented({ field, how }) ? { field, how, percent: whole(percent) } : { field, how };
  return {
    possible: whole(values.possible),
    certain: whole(values.certain),
    rules: values.rules.map(({ key, weight, kind, all }) => ({
      key,
      weight: whole(weight),
      ...(kind && { kind }),
      all: all.map((group) => ({ any: group.map(part) })),
    })),
  };
}

/** A part after a change of field or comparison: what no longer fits is set anew. */
export function partChanged(part: PartValues, change: Partial<PartValues>): PartValues {
  const next = { ...part, ...change };
  const how = howsOf(next.field).includes(next.how) ? next.how : "same";
  const known = next.percent || (how === "similar" ? "85" : "30");
  return { field: next.field, how, percent: percented({ field: next.field, how }) ? known : "" };
}

export const newPart = (): PartValues => ({ field: "phone", how: "same", percent: "" });

/** A rule under a key that no other has. */
export function newRule(rules: RuleValues[]): RuleValues {
  let number = rules.length + 1;
  while (rules.some((rule) => rule.key === `rule_${number}`)) number += 1;
  return { key: `rule_${number}`, weight: "10", kind: null, all: [[newPart()]] };
}

export const rulesSchema = z.object({});
