/** The words of conditions. */
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api/types";
import { useFormat } from "../format";
import { BOUGHT, type Bought, isLeaf, shapeOf, sourceOf } from "./filters";
import type { FilterField } from "./types";

/** The words of an operator, for a field's type. */
export function useOpLabel(): (op: string, type?: string) => string {
  const { t } = useTranslation("grid");
  return (op, type) =>
    t(type === "date" || type === "instant" ? [`op_date.${op}`, `op.${op}`] : `op.${op}`, {
      defaultValue: op,
    });
}

export function useChipText(fields: FilterField[]) {
  const { t } = useTranslation("grid");
  const f = useFormat();
  const op = useOpLabel();
  return (part: Condition): string => {
    if (!isLeaf(part)) return t("condition", { count: countLeaves(part) });
    const field = fields.find((one) => one.field === part.field);
    const name = field?.label ?? part.field;
    const one = (value: unknown): string => {
      const option = field?.options?.find((candidate) => candidate.value === String(value));
      if (option) return option.label;
      if (typeof value === "boolean") return t(value ? "common:state.yes" : "common:state.no");
      if (field?.type === "date" && typeof value === "string") return f.date(value);
      return value && typeof value === "object" ? JSON.stringify(value) : String(value ?? "");
    };
    if (part.op === "is_null") {
      return part.value === false ? t("not_empty", { name }) : `${name} ${op("is_null")}`;
    }
    if (BOUGHT.has(part.op)) {
      const { ids = [], days } = (part.value ?? {}) as Partial<Bought>;
      const what = `${name} ${op(part.op)} ${t("bought_count", { count: ids.length })}`;
      return days ? `${what} · ${t("bought_within", { count: days })}` : what;
    }
    if (shapeOf(part.op) === "days") return `${name} ${t(`days.${part.op}`, { count: Number(part.value) })}`;
    if (field && sourceOf(field) && !field.options?.length) {
      const count = Array.isArray(part.value) ? part.value.length : 1;
      return `${name} ${op(part.op, field.type)} ${t("bought_count", { count })}`;
    }
    const value = Array.isArray(part.value)
      ? part.value.map(one).join(part.op === "between" ? " – " : t("list_separator"))
      : one(part.value);
    return part.op === "eq" ? `${name}: ${value}` : `${name} ${op(part.op, field?.type)} ${value}`;
  };
}

function countLeaves(condition: Condition): number {
  if ("all" in condition) return condition.all.reduce((sum, one) => sum + countLeaves(one), 0);
  if ("any" in condition) return condition.any.reduce((sum, one) => sum + countLeaves(one), 0);
  return "not" in condition ? countLeaves(condition.not) : 1;
}
