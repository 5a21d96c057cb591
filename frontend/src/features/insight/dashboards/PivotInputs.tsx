import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { currentLanguage } from "@/app/i18n";
import { Group, Select, Skeleton } from "@/shared/ui";
import { factsQuery } from "../pivots/queries";
import { GRAINS, withFact } from "../pivots/state";
import type { Axis, Fact, Measure, Query } from "../pivots/types";

/** What a new chart begins with: sales of each category. */
export const FIRST_QUERY: Query = {
  fact: "order_lines",
  rows: [{ field: "category", top: { n: 10, measure: 0 } }],
  columns: [],
  measures: [{ aggregate: "sum", field: "amount" }],
  sort: { measure: 0, descending: true },
};

const TOPS = [5, 7, 10, 20];
const NONE = "";

const keyOf = (measure: Measure) => `${measure.aggregate}:${measure.field ?? ""}`;

/** A pivot in four choices: of what, which figure, divided by what, over which time. */
export function PivotInputs({ query, onChange }: { query: Query; onChange: (query: Query) => void }) {
  const { t } = useTranslation(["dashboards", "pivots"]);
  const facts = useQuery(factsQuery(currentLanguage()));
  const fact = facts.data?.items.find((one) => one.fact === query.fact);
  if (!facts.data || !fact) return <Skeleton height={160} />;
  const row = query.rows?.[0];
  const column = query.columns?.[0];
  const first = query.measures[0];
  const put = (change: Partial<Query>) => onChange({ ...query, ...change });
  const byRow = (axis: Axis | undefined) => {
    const dated = axis?.field === fact.date;
    put({
      rows: axis ? [axis, ...(query.rows ?? []).slice(1)] : [],
      sort: axis && !dated ? { measure: 0, descending: true } : undefined,
    });
  };
  return (
    <>
      <Group grow align="flex-start">
        <Select
          label={t("pivots:fact")}
          allowDeselect={false}
          data={facts.data.items.map((one) => ({ value: one.fact, label: one.label }))}
          value={query.fact}
          onChange={(key) => {
            const next = facts.data.items.find((one) => one.fact === key);
            if (next) onChange(withFact(query, next));
          }}
        />
        <Select
          label={t("pivot.measure")}
          allowDeselect={false}
          data={measuresOf(fact, t("pivots:count"), (of) => t("pivots:average", { of }))}
          value={first ? keyOf(first) : null}
          onChange={(key) => {
            const [aggregate, field] = (key ?? "").split(":");
            const measure = { aggregate, field: field || undefined } as Measure;
            put({ measures: [measure, ...query.measures.slice(1)] });
          }}
        />
      </Group>
      <Group grow align="flex-start">
        <Select
          label={t("pivot.by")}
          searchable
          data={[
            { value: NONE, label: t("pivot.none") },
            ...fact.fields
              .filter((field) => field.divides)
              .map((field) => ({ value: field.field, label: field.label })),
          ]}
          allowDeselect={false}
          value={row?.field ?? NONE}
          onChange={(field) => {
            const kind = fact.fields.find((one) => one.field === field)?.type;
            if (!field) byRow(undefined);
            else byRow(kind === "date" ? { field, grain: "day" } : { field, top: { n: 10, measure: 0 } });
          }}
        />
        {row?.grain ? (
          <Select
            label={t("pivots:grain.label")}
            allowDeselect={false}
            data={GRAINS.map((value) => ({ value, label: t(`pivots:grain.${value}`) }))}
            value={row.grain}
            onChange={(grain) => byRow({ ...row, grain: grain as Axis["grain"] })}
          />
        ) : (
          <Select
            label={t("pivots:top_label")}
            allowDeselect={false}
            disabled={!row}
            data={[
              { value: NONE, label: t("pivots:top_all") },
              ...TOPS.map((n) => ({ value: String(n), label: t("pivots:top", { n }) })),
            ]}
            value={row?.top ? String(row.top.n) : NONE}
            onChange={(n) => row && byRow({ ...row, top: n ? { n: Number(n), measure: 0 } : undefined })}
          />
        )}
      </Group>
      <Select
        label={t("pivot.over")}
        allowDeselect={false}
        disabled={row?.field === fact.date}
        data={[
          { value: NONE, label: t("pivot.none") },
          ...GRAINS.map((value) => ({ value, label: t(`pivots:grain.${value}`) })),
        ]}
        value={column?.field === fact.date ? (column.grain ?? "day") : NONE}
        onChange={(grain) =>
          put({ columns: grain ? [{ field: fact.date, grain: grain as Axis["grain"] }] : [] })
        }
      />
    </>
  );
}

function measuresOf(fact: Fact, count: string, average: (of: string) => string) {
  return [
    ...fact.measures.map((one) => ({ value: `sum:${one.field}`, label: one.label })),
    ...fact.measures.map((one) => ({ value: `average:${one.field}`, label: average(one.label) })),
    ...fact.distinct.map((one) => ({ value: `distinct:${one.value}`, label: one.label })),
    { value: "count:", label: count },
  ];
}
