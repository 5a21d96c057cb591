/** One field that an event changed; values as text, undefined where there was none. */
export interface Change {
  field: string;
  before: string | undefined;
  after: string | undefined;
}

const asRecord = (value: unknown): Record<string, unknown> =>
  value && typeof value === "object" && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

const asText = (value: unknown): string | undefined => {
  if (value === undefined || value === null) return undefined;
  return typeof value === "object" ? JSON.stringify(value) : String(value);
};

/** The fields in which two records differ, nested ones by path. */
export function differences(before: unknown, after: unknown, prefix = ""): Change[] {
  const old = asRecord(before);
  const now = asRecord(after);
  return [...new Set([...Object.keys(old), ...Object.keys(now)])].flatMap((key) => {
    const [a, b] = [old[key], now[key]];
    if (JSON.stringify(a ?? null) === JSON.stringify(b ?? null)) return [];
    const nested = [a, b].every((one) => one && typeof one === "object" && !Array.isArray(one));
    if (nested) return differences(a, b, `${prefix}${key}.`);
    return [{ field: `${prefix}${key}`, before: asText(a), after: asText(b) }];
  });
}
