/** The builder's draft: like a condition, but with room for what is not filled in yet, and stable keys. */
import type { Condition, ConditionLeaf, ConditionOp } from "@/api/types";
import { isLeaf } from "../grid/filters";

export interface GroupDraft {
  key: number;
  kind: "all" | "any" | "none";
  parts: PartDraft[];
}

export interface LeafDraft {
  key: number;
  field?: string;
  op?: ConditionOp;
  value?: unknown;
}

export type PartDraft = GroupDraft | LeafDraft;

export const isGroup = (part: PartDraft): part is GroupDraft => "parts" in part;

let next = 1;
export const newLeaf = (leaf: Partial<ConditionLeaf> = {}): LeafDraft => ({ key: next++, ...leaf });
export const newGroup = (kind: GroupDraft["kind"], parts: PartDraft[]): GroupDraft => ({
  key: next++,
  kind,
  parts,
});

/** A draft of a condition; a lone leaf or nothing becomes a group that more can be added to. */
export function draftOf(condition: Condition | undefined): GroupDraft {
  if (!condition) return newGroup("all", []);
  const part = partOf(condition);
  return isGroup(part) ? part : newGroup("all", [part]);
}

function partOf(condition: Condition): PartDraft {
  if (isLeaf(condition)) return newLeaf(condition);
  if ("all" in condition) return newGroup("all", condition.all.map(partOf));
  if ("any" in condition) return newGroup("any", condition.any.map(partOf));
  const inner = condition.not;
  return newGroup("none", "any" in inner ? inner.any.map(partOf) : [partOf(inner)]);
}

/** What the draft says so far; unfinished leaves and empty groups are left out. */
export function written(part: PartDraft): Condition | undefined {
  if (!isGroup(part)) return complete(part) ? leafOf(part) : undefined;
  const parts = part.parts.flatMap((one) => written(one) ?? []);
  if (parts.length === 0) return undefined;
  if (part.kind === "none") return { not: { any: parts } };
  return part.kind === "any" ? { any: parts } : { all: parts };
}

type Complete = LeafDraft & Pick<ConditionLeaf, "field" | "op">;

const leafOf = (leaf: Complete): ConditionLeaf => ({
  field: leaf.field,
  op: leaf.op,
  value: leaf.op === "is_null" ? (leaf.value ?? true) : leaf.value,
});

const given = (value: unknown) => value !== undefined && value !== null && value !== "";

export function complete(leaf: LeafDraft): leaf is Complete {
  if (!leaf.field || !leaf.op) return false;
  if (leaf.op === "is_null") return true;
  if (Array.isArray(leaf.value)) return leaf.value.length > 0 && leaf.value.every(given);
  if (leaf.value && typeof leaf.value === "object" && "ids" in leaf.value) {
    return Array.isArray(leaf.value.ids) && leaf.value.ids.length > 0;
  }
  return given(leaf.value);
}
