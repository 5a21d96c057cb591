import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useDictionary } from "@/features/customers";
import { useFormat } from "@/shared/format";
import { Panel, Waiting } from "@/shared/ui";
import classes from "./Opportunity.module.css";
import { historyQuery } from "./queries";
import type { Opportunity } from "./types";

/** From which stage to which, when and by whom; changes of the amount stand in between. */
export function HistoryPanel({ row }: { row: Opportunity }) {
  const { t } = useTranslation("pipeline");
  const f = useFormat();
  const history = useQuery(historyQuery(row.id));
  const won = useDictionary("win_reason");
  const lost = useDictionary("loss_reason");
  const reason = (key: string) => {
    const word = won.word(key);
    return word === key ? lost.word(key) : word;
  };
  return (
    <Panel title={t("history")} flush>
      <Waiting query={history} rows={3} />
      <ul className={classes.rows}>
        {(history.data ?? []).map((one) => (
          <li key={one.id} className={classes.row}>
            <span className={classes.words}>
              {one.from_stage?.id === one.stage.id
                ? t("worth_changed", { amount: f.money(one.amount) })
                : [one.from_stage?.name, one.stage.name].filter(Boolean).join(" → ")}
              <div className={classes.sub}>
                {[
                  f.dateTime(one.at),
                  one.by?.name,
                  one.from_stage?.id !== one.stage.id && one.amount.amount !== "0.00" && f.money(one.amount),
                  `${one.probability}%`,
                  one.reason && reason(one.reason),
                  one.competitor,
                  one.remark,
                ]
                  .filter(Boolean)
                  .join(" · ")}
              </div>
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
