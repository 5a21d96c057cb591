import { IconArrowDownRight, IconArrowUpRight, IconLock, IconMoodEmpty } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { ClassMark } from "@/features/customers";
import { type Format, useFormat } from "@/shared/format";
import { Progress, SegmentedControl, Skeleton, Text, TextLink } from "@/shared/ui";
import { shown } from "../pivots/figures";
import { additive } from "../pivots/pie";
import type { At } from "../pivots/queries";
import { CardTable } from "./CardTable";
import classes from "./Dashboards.module.css";
import type { Card, CardAnswer, FigureAnswer, Listed } from "./types";

const PivotChart = lazy(() => import("../pivots/PivotChart"));
const Records = lazy(() => import("../pivots/Records"));

const CHART_HEIGHT = 260;

/** What a card says; or why it says nothing to this reader, while the others do. */
export function CardBody({ card, answer }: { card: Card; answer: CardAnswer | undefined }) {
  if (!answer) return <Skeleton height={card.kind === "figure" ? 56 : CHART_HEIGHT} />;
  if (answer.fault) return <Fault fault={answer.fault} />;
  if (answer.figure)
    return <FigureSaid figure={answer.figure} worse={card.figure?.endsWith("_risk") ?? false} />;
  if (answer.rows) return <Lines list={card.list ?? "warnings"} rows={answer.rows} />;
  return <PivotSaid card={card} answer={answer} />;
}

function Fault({ fault }: { fault: NonNullable<CardAnswer["fault"]> }) {
  const { t } = useTranslation("dashboards");
  const known = fault.code === "forbidden" || fault.code === "not_found" || fault.code === "pivot_too_large";
  return (
    <div className={classes.fault}>
      {fault.code === "forbidden" ? (
        <IconLock size={20} stroke={1.5} aria-hidden />
      ) : (
        <IconMoodEmpty size={20} stroke={1.5} aria-hidden />
      )}
      <Text size="sm">{t(`fault.${known ? (fault.code as "forbidden") : "other"}`)}</Text>
    </div>
  );
}

function short(f: Format, figure: FigureAnswer, value: string | null | undefined): string {
  if (value === null || value === undefined) return "–";
  if (figure.unit === "money" && figure.currency)
    return f.short({ amount: value, currency: figure.currency });
  return figure.unit === "share" ? f.percent(Number(value), 1) : f.number(value);
}

/** A figure, large; below it how it changed, in words and in colour. */
function FigureSaid({ figure, worse }: { figure: FigureAnswer; worse: boolean }) {
  const { t } = useTranslation("dashboards");
  const f = useFormat();
  const exact = shown(f, { label: "", unit: figure.unit, currency: figure.currency }, figure.value);
  const change = figure.change_share;
  const up = (change ?? 0) > 0;
  const tone = !change ? undefined : up === worse ? "bad" : "good";
  const Arrow = up ? IconArrowUpRight : IconArrowDownRight;
  return (
    <div className={classes.figure}>
      <div className={classes.value} title={exact}>
        {short(f, figure, figure.value)}
      </div>
      {figure.compared && (
        <div className={classes.change}>
          {change !== null && change !== undefined && change !== 0 && (
            <span data-tone={tone}>
              <Arrow size={15} stroke={1.8} aria-hidden />
              {t(up ? "up" : "down", { share: f.percent(Math.abs(change), 1) })}
            </span>
          )}
          {change === 0 && <span>{t("same")}</span>}
          <span className="dim">
            {t("before", {
              value: short(f, figure, figure.before),
              from: f.date(figure.compared.from),
              to: f.date(figure.compared.to),
            })}
          </span>
        </div>
      )}
    </div>
  );
}

function PivotSaid({ card, answer }: { card: Card; answer: CardAnswer }) {
  const { t } = useTranslation(["dashboards", "pivots"]);
  const [plain, setPlain] = useState(false);
  const [opened, setOpened] = useState<At>();
  const { table, query } = answer;
  if (!table || !query) return null;
  if (table.rows.length === 0) {
    return (
      <Text c="dimmed" size="sm">
        {t("nothing")}
      </Text>
    );
  }
  const drawn = card.chart && card.chart !== "table" && card.chart !== "heat" ? card.chart : undefined;
  return (
    <>
      {drawn && !plain ? (
        <Suspense fallback={<Skeleton height={CHART_HEIGHT} />}>
          <PivotChart table={table} kind={drawn} additive={additive(query)} height={CHART_HEIGHT} bare />
        </Suspense>
      ) : (
        <CardTable table={table} heat={card.chart === "heat"} onOpen={setOpened} />
      )}
      {drawn && (
        <SegmentedControl
          className={classes.turn}
          size="xs"
          aria-label={t("shown_as")}
          value={plain ? "table" : "chart"}
          onChange={(value) => setPlain(value === "table")}
          data={[
            { value: "chart", label: t("as_chart") },
            { value: "table", label: t("as_table") },
          ]}
        />
      )}
      <Suspense>
        {opened && <Records query={query} at={opened} onClose={() => setOpened(undefined)} />}
      </Suspense>
    </>
  );
}

/** Lines of what stands now. */
function Lines({ list, rows }: { list: NonNullable<Card["list"]>; rows: Listed[] }) {
  const { t } = useTranslation(["dashboards", "outlook"]);
  const f = useFormat();
  if (rows.length === 0)
    return (
      <Text c="dimmed" size="sm">
        {t(`none.${list}`)}
      </Text>
    );
  return (
    <ul className={classes.lines}>
      {rows.map((row) => (
        <li key={row.id}>
          <div className={classes.lineWords}>
            {row.subject === "customer" ? (
              <TextLink to="/customers/$id" params={{ id: row.id }} fw={600}>
                {row.name}
              </TextLink>
            ) : (
              <span>{row.name}</span>
            )}{" "}
            {row.value_class && <ClassMark value={row.value_class} />}
            <Text size="xs" c="dimmed" component="div">
              {about(list, row)}
            </Text>
          </div>
          <div className={classes.lineFigures}>
            <span>{figureOf(list, row)}</span>
            {list === "targets" && row.share !== null && row.share !== undefined && (
              <Progress
                w={120}
                value={Math.min(row.share * 100, 100)}
                aria-label={t("achieved_share", { name: row.name })}
              />
            )}
          </div>
        </li>
      ))}
    </ul>
  );

  function about(of: typeof list, row: Listed): string {
    if (of === "warnings") return row.reasons.map((reason) => t(`outlook:risk_reason.${reason}`)).join(" · ");
    if (of === "targets") {
      return t("target_of", { achieved: f.short(row.amount), target: f.short(row.beside) });
    }
    if (of === "pipeline") {
      return t("in_stage", {
        count: row.count ?? 0,
        pipeline: row.group ?? "",
        weighted: f.short(row.beside),
      });
    }
    return t("silent_since", { count: row.count ?? 0 });
  }

  function figureOf(of: typeof list, row: Listed): string {
    if (of === "targets") return f.percent(row.share, 1);
    return row.amount ? f.short(row.amount) : "";
  }
}
