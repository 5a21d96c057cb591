import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api";
import { useFormat } from "@/shared/format";
import { placesOf, scaled, written } from "@/shared/format/decimal";
import { ErrorState, Group, Panel, SegmentedControl, TextLink } from "@/shared/ui";
import { Definition } from "./Definition";
import classes from "./Insight.module.css";
import { type Basis, rfmQuery } from "./queries";
import type { Cell, Overview, RfmSpread } from "./types";

const SCORES = [5, 4, 3, 2, 1];

interface Field {
  count: number;
  net: string;
  condition?: Condition;
}

/** The cells of one recency and frequency, over the chosen money score or all of them. */
function fieldsOf(cells: Cell[], money: number | undefined): Map<string, Field> {
  const out = new Map<string, Field>();
  for (const cell of cells) {
    const [r = "", f = "", m = ""] = cell.code;
    if (money !== undefined && m !== String(money)) continue;
    const key = r + f;
    const before = out.get(key);
    const places = placesOf(cell.net.currency);
    const net = (before ? scaled(before.net, places) : 0n) + scaled(cell.net.amount, places);
    out.set(key, {
      count: (before?.count ?? 0) + cell.count,
      net: written(net, places),
      condition: cell.condition ? conditionOf(Number(r), Number(f), money) : undefined,
    });
  }
  return out;
}

const score = (field: string, value: number): Condition => ({ field, op: "eq", value });

function conditionOf(r: number, f: number, money: number | undefined): Condition {
  const all = [score("metrics.rfm_r", r), score("metrics.rfm_f", f)];
  if (money !== undefined) all.push(score("metrics.rfm_m", money));
  return { all };
}

export function RfmPanel({ overview, basis }: { overview: Overview; basis: Basis }) {
  const { t } = useTranslation("insight");
  const other = Boolean(basis.as_of || basis.mode);
  const asked = useQuery({ ...rfmQuery(basis), enabled: other });
  const spread: RfmSpread | undefined = other ? asked.data : overview.rfm;
  const [money, setMoney] = useState("");
  const [measure, setMeasure] = useState<"count" | "net">("count");
  return (
    <Panel title={<Definition term={t("rfm.title")} text={t("rfm.hint")} />}>
      <Group gap="sm" mb="sm">
        <SegmentedControl
          size="xs"
          aria-label={t("rfm.measure")}
          value={measure}
          onChange={(value) => setMeasure(value as "count" | "net")}
          data={[
            { value: "count", label: t("rfm.count") },
            { value: "net", label: t("rfm.net") },
          ]}
        />
        <SegmentedControl
          size="xs"
          aria-label={t("rfm.money")}
          value={money}
          onChange={setMoney}
          data={[
            { value: "", label: t("rfm.any_money") },
            ...SCORES.toReversed().map((one) => ({ value: String(one), label: `M${one}` })),
          ]}
        />
      </Group>
      {other && asked.isError && <ErrorState error={asked.error} onRetry={() => void asked.refetch()} />}
      {spread && (
        <Grid
          fields={fieldsOf(spread.cells, money ? Number(money) : undefined)}
          measure={measure}
          currency={overview.net.currency}
          stale={asked.isPlaceholderData}
        />
      )}
    </Panel>
  );
}

/** Dark text reads on shades up to the first, light text from the second on; nothing is drawn between them. */
const LIGHT = 0.5;
const DARK = 0.8;

/** How strong a share is drawn. A root keeps small groups visible beside large ones. */
function shade(share: number): number {
  const root = Math.sqrt(share);
  const middle = 0.65;
  return root <= middle ? (root / middle) * LIGHT : DARK + ((root - middle) / (1 - middle)) * (1 - DARK);
}

interface GridProps {
  fields: Map<string, Field>;
  measure: "count" | "net";
  currency: string;
  stale: boolean;
}

function Grid({ fields, measure, currency, stale }: GridProps) {
  const { t } = useTranslation("insight");
  const f = useFormat();
  const size = (field: Field | undefined) =>
    field ? (measure === "count" ? field.count : Math.max(Number(field.net), 0)) : 0;
  const most = Math.max(...[...fields.values()].map(size), 1);
  const words = (field: Field) =>
    measure === "count" ? f.number(field.count) : f.short({ amount: field.net, currency });
  return (
    <table className={classes.rfm} data-stale={stale || undefined}>
      <caption className={classes.caption}>{t("rfm.caption")}</caption>
      <thead>
        <tr>
          <td />
          {SCORES.toReversed().map((one) => (
            <th key={one} scope="col">
              F{one}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {SCORES.map((r) => (
          <tr key={r}>
            <th scope="row">R{r}</th>
            {SCORES.toReversed().map((frequency) => {
              const field = fields.get(`${r}${frequency}`);
              const strength = shade(size(field) / most);
              return (
                <td
                  key={frequency}
                  style={{ "--strength": `${Math.round(strength * 100)}%` } as React.CSSProperties}
                  data-strong={strength > LIGHT || undefined}
                  data-empty={field === undefined || undefined}
                >
                  {field && (
                    <Drill
                      condition={field.condition}
                      label={t("rfm.cell", {
                        r,
                        f: frequency,
                        count: field.count,
                        net: f.money({ amount: field.net, currency }),
                      })}
                    >
                      {words(field)}
                    </Drill>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

interface DrillProps {
  condition?: Condition | null;
  label?: string;
  children: React.ReactNode;
}

/** To the customers behind a number, where they can be listed. */
export function Drill({ condition, label, children }: DrillProps) {
  if (!condition) return <span title={label}>{children}</span>;
  return (
    <TextLink to="/customers" search={{ filter: condition }} aria-label={label} title={label}>
      {children}
    </TextLink>
  );
}
