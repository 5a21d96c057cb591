import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Badge, Panel, Waiting } from "@/shared/ui";
import classes from "./LeadScoring.module.css";
import { type Fit, fitsQuery } from "./queries";

/** Every time it was tried to learn, and what came of it. */
export function FitsPanel({ unit }: { unit: string }) {
  const { t } = useTranslation("leadscoring");
  const f = useFormat();
  const fits = useQuery(fitsQuery(unit));
  const result = (one: Fit) => {
    if (one.refusal) return t(`refusal.${one.refusal}`);
    const word = one.quality ? t(`quality.${one.quality}`) : "";
    return one.in_force ? (
      <>
        {word}{" "}
        <Badge size="xs" variant="light" color="pine">
          {t("in_force")}
        </Badge>
      </>
    ) : (
      word
    );
  };
  return (
    <Panel title={t("history")} flush>
      <Waiting query={fits} rows={4} />
      {fits.data?.length === 0 && <p className={classes.note}>{t("history_none")}</p>}
      {fits.data && fits.data.length > 0 && (
        <SimpleTable
          label={t("history")}
          rows={fits.data}
          rowKey={(one) => one.id}
          columns={[
            { id: "at", header: t("at"), cell: (one) => f.dateTime(one.fitted_at) },
            { id: "by", header: t("by"), wide: true, cell: (one) => one.fitted_by?.name || t("due") },
            {
              id: "cases",
              header: t("cases"),
              align: "right",
              cell: (one) => `${f.number(one.won)} / ${f.number(one.lost)}`,
            },
            {
              id: "auc",
              header: t("auc"),
              align: "right",
              cell: (one) =>
                one.auc === null || one.auc === undefined
                  ? "–"
                  : `${f.number(one.auc, 2)} ± ${f.number(one.auc_error, 2)}`,
            },
            { id: "result", header: t("result"), cell: result },
          ]}
        />
      )}
    </Panel>
  );
}
