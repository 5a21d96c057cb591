/** Records as options to choose from; where two bear one name, the unit tells them apart. */
interface Named {
  id: string;
  name: string;
  unit?: { name?: string | null } | null;
}

export function namedOptions(records: Named[]): { value: string; label: string }[] {
  const seen = new Map<string, number>();
  for (const one of records) seen.set(one.name, (seen.get(one.name) ?? 0) + 1);
  return records.map((one) => {
    const unit = (seen.get(one.name) ?? 0) > 1 && one.unit?.name;
    return { value: one.id, label: unit ? `${one.name} · ${unit}` : one.name };
  });
}
