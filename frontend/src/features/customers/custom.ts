/** Values of the company's own fields, as text to edit and words to read. */
import type { Money } from "@/api";
import type { CustomField } from "@/features/platform";
import { labelOf } from "@/features/platform";
import type { Format } from "@/shared/format";
import type { Option } from "./choices";

/** Decimal text of money too, because that is how it is typed. */
export function customText(value: unknown): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "object" && "amount" in value) return String(value.amount);
  if (typeof value === "object" && "id" in value) return String(value.id);
  return String(value);
}

/** Values as a form holds them: numbers and money as text, customers and people by id. */
export const customValues = (custom: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(custom).map(([key, value]) => [
      key,
      Array.isArray(value) ? value.map(customText) : typeof value === "boolean" ? value : customText(value),
    ]),
  );

/** What may be chosen, for fields with a closed list of values. */
export function customOptions(
  field: CustomField,
  language: string,
  people: Option[],
  t: (key: string) => string,
): Option[] | undefined {
  if (field.type === "choice" || field.type === "multi_choice") {
    return field.choices
      .filter((one) => one.active)
      .map((one) => ({ value: one.key, label: labelOf(one, language) }));
  }
  if (field.type === "bool") {
    return [
      { value: "true", label: t("common:state.yes") },
      { value: "false", label: t("common:state.no") },
    ];
  }
  return field.type === "user" ? people : undefined;
}

const isMoney = (value: unknown): value is Money =>
  typeof value === "object" && value !== null && "amount" in value && "currency" in value;

/** How a value reads. */
export function customWords(
  value: unknown,
  field: CustomField,
  options: Option[] | undefined,
  f: Format,
): string {
  if (Array.isArray(value)) {
    return value.map((one) => customWords(one, field, options, f)).join(f.language === "en" ? ", " : "、");
  }
  const text = customText(value);
  if (text === null) return "";
  if (isMoney(value)) return f.money(value);
  if (value && typeof value === "object" && "name" in value) return String(value.name);
  if (field.type === "date") return f.date(text);
  if (field.type === "number") return f.number(text);
  const choice = field.choices.find((one) => one.key === text);
  return options?.find((one) => one.value === text)?.label ?? (choice ? labelOf(choice, f.language) : text);
}
