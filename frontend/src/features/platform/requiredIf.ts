/** When a field of the company's own is required because of what stands in another field: as the server judges it. */
import type { CustomField } from "./queries";

function words(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(words);
  if (value === null || value === undefined) return [];
  const word = typeof value === "object" ? JSON.stringify(value) : String(value).trim();
  return word ? [word] : [];
}

/** Whether it must be filled in a record with these values, those of custom fields under `custom`. */
export function requiredIn(
  field: Pick<CustomField, "required" | "required_if">,
  record: Record<string, unknown>,
): boolean {
  const rule = field.required_if;
  if (field.required || !rule) return field.required ?? false;
  const custom = (record.custom ?? {}) as Record<string, unknown>;
  const standing = words(
    rule.field.startsWith("custom.") ? custom[rule.field.slice("custom.".length)] : record[rule.field],
  );
  const wanted = rule.values ?? [];
  return wanted.length === 0 ? standing.length > 0 : standing.some((word) => wanted.includes(word));
}
