import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { Panel, TextLink } from "@/shared/ui";
import classes from "./LeadScoring.module.css";
import { type Reason, signed } from "./queries";

interface Props {
  row: { status: string; score?: number | null; score_reasons: Reason[] };
}

/** Why a lead has the score it has: what is known of it, and the points for that. */
export function ReasonsPanel({ row }: Props) {
  const { t } = useTranslation("leadscoring");
  const f = useFormat();
  if (row.score === null || row.score === undefined) return null;
  const base = row.score - row.score_reasons.reduce((sum, one) => sum + one.points, 0);
  const within = row.score > 0 && row.score < 100;
  const closed = row.status === "won" || row.status === "lost";
  return (
    <Panel
      title={t("reasons")}
      aside={
        <TextLink to="/sales/scoring" size="sm">
          {t("how")}
        </TextLink>
      }
      flush
    >
      <dl className={classes.reasons}>
        {within && (
          <div className={classes.reason}>
            <dt>{t("base")}</dt>
            <dd className="tabular">{base}</dd>
          </div>
        )}
        {row.score_reasons.map((one) => (
          <div key={one.attribute} className={classes.reason}>
            <dt>
              {one.name}
              <span className={classes.value}>
                {one.value ??
                  (one.number === null || one.number === undefined ? t("unknown") : f.number(one.number))}
              </span>
            </dt>
            <dd className="tabular" data-down={one.points < 0 || undefined}>
              {signed(one.points)}
            </dd>
          </div>
        ))}
        <div className={classes.reason} data-sum>
          <dt>{t(closed ? "kept" : "score")}</dt>
          <dd className="tabular">{row.score}</dd>
        </div>
      </dl>
      {row.score_reasons.length === 0 && <p className={classes.note}>{t("reasons_none")}</p>}
    </Panel>
  );
}
