import { useTranslation } from "react-i18next";
import { DateField, Group, Select } from "@/shared/ui";
import { PRESETS } from "./state";
import type { Query } from "./types";

const ALL = "all";
const OWN = "own";

/** Which days, and with which they are compared. */
export function PeriodPicker({ query, onChange }: { query: Query; onChange: (query: Query) => void }) {
  const { t } = useTranslation("pivots");
  const { period } = query;
  const compares = query.measures.some((measure) => measure.show?.startsWith("change"));
  const own = period && !period.preset;
  const pick = (value: string | null) => {
    if (value === OWN) {
      const today = new Date().toISOString().slice(0, 10);
      onChange({ ...query, period: { from: `${today.slice(0, 4)}-01-01`, to: today } });
    } else {
      const preset = PRESETS.find((one) => one === value);
      onChange({ ...query, period: preset ? { preset } : undefined });
    }
  };
  return (
    <>
      <Select
        label={t("period.label")}
        allowDeselect={false}
        value={period ? (period.preset ?? OWN) : ALL}
        data={[
          ...(compares ? [] : [{ value: ALL, label: t("period.all") }]),
          ...PRESETS.map((value) => ({ value, label: t(`period.${value}`) })),
          { value: OWN, label: t("period.own") },
        ]}
        onChange={pick}
      />
      {own && (
        <Group gap="xs" grow>
          <DateField
            label={t("period.from")}
            value={period.from ?? null}
            onChange={(from) =>
              from &&
              onChange({ ...query, period: { from, to: period.to && period.to > from ? period.to : from } })
            }
          />
          <DateField
            label={t("period.to")}
            value={period.to ?? null}
            onChange={(to) =>
              to &&
              onChange({ ...query, period: { from: period.from && period.from < to ? period.from : to, to } })
            }
          />
        </Group>
      )}
      {compares && (
        <Select
          label={t("compare.label")}
          allowDeselect={false}
          value={query.compare ?? "previous_year"}
          data={(["previous_year", "previous_period"] as const).map((value) => ({
            value,
            label: t(`compare.${value}`),
          }))}
          onChange={(compare) => onChange({ ...query, compare: compare as Query["compare"] })}
        />
      )}
    </>
  );
}
