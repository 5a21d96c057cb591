import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { type Column, SimpleTable } from "@/shared/grid";
import { Panel, Text } from "@/shared/ui";
import classes from "./LeadScoring.module.css";
import { type ScoreBin, type Scorecard, type ScorePart, signed } from "./queries";

interface Row {
  part: ScorePart;
  bin: ScoreBin;
  first: boolean;
}

/** The points in force: for every attribute and value, with the cases behind them where they were learnt. */
export function ScorePanel({ card }: { card: Scorecard }) {
  const { t } = useTranslation("leadscoring");
  const f = useFormat();
  const words = useBinWords();
  const learnt = card.kind === "learnt";
  const rows = card.parts.flatMap((part) =>
    part.bins.map((bin, at): Row => ({ part, bin, first: at === 0 })),
  );
  const columns: Column<Row>[] = [
    {
      id: "attribute",
      header: t("set.attribute"),
      cell: ({ part, first }) =>
        first && (
          <>
            <strong>{part.name}</strong>
            {learnt && (
              <Text size="xs" c="dimmed" title={t("information_hint")}>
                {t("information")} {f.number(part.information, 2)}
              </Text>
            )}
          </>
        ),
    },
    { id: "value", header: t("value"), cell: ({ bin }) => words(bin) },
    {
      id: "points",
      header: t("points"),
      align: "right",
      cell: ({ bin }) => <strong className="tabular">{signed(bin.points)}</strong>,
    },
  ];
  if (learnt) {
    columns.push(
      { id: "won", header: t("won"), align: "right", wide: true, cell: ({ bin }) => f.number(bin.won) },
      { id: "lost", header: t("lost"), align: "right", wide: true, cell: ({ bin }) => f.number(bin.lost) },
      {
        id: "win_rate",
        header: t("win_rate"),
        align: "right",
        cell: ({ bin }) => f.percent(bin.win_rate, 0),
      },
    );
  }
  return (
    <Panel title={`${t("points")} · ${t(card.kind)}`} flush>
      <dl className={classes.reasons}>
        <div className={classes.reason}>
          <dt>{t("base")}</dt>
          <dd className="tabular">{card.base}</dd>
        </div>
      </dl>
      {rows.length === 0 ? (
        <p className={classes.note}>{t("no_rules")}</p>
      ) : (
        <SimpleTable
          label={t("points")}
          rows={rows}
          rowKey={({ part, bin }) => JSON.stringify([part.attribute, words(bin)])}
          columns={columns}
        />
      )}
      <p className={classes.note}>
        {t("whole")}
        {learnt && (
          <>
            <br />
            {t("scale")}
          </>
        )}
      </p>
    </Panel>
  );
}

/** What falls into a bin, in words. */
function useBinWords() {
  const { t } = useTranslation("leadscoring");
  const f = useFormat();
  return (bin: ScoreBin) => {
    if (bin.values.length > 0) return bin.values.map((one) => one.name).join("、");
    if (bin.missing) return t("missing");
    const above = bin.above === null || bin.above === undefined ? undefined : f.number(bin.above);
    const upTo = bin.up_to === null || bin.up_to === undefined ? undefined : f.number(bin.up_to);
    if (above && upTo) return t("between", { above, upTo });
    if (above) return t("above", { above });
    return upTo ? t("up_to", { upTo }) : t("any");
  };
}
