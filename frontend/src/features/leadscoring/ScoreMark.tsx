import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { Badge, VisuallyHidden } from "@/shared/ui";
import { type Reason, signed } from "./queries";

interface Scored {
  score?: number | null;
  score_reasons: Reason[];
}

/** The score of a lead, with what gave it on hovering. */
export function ScoreMark({ of }: { of: Scored }) {
  const { t } = useTranslation("leadscoring");
  const f = useFormat();
  if (of.score === null || of.score === undefined) return null;
  const why = of.score_reasons.map((one) => {
    const value = one.value ?? (one.number === null ? "" : f.number(one.number));
    return [one.name, value, signed(one.points)].filter(Boolean).join(" ");
  });
  return (
    <Badge
      size="sm"
      variant="light"
      className="tabular"
      color={of.score >= 60 ? "pine" : of.score < 40 ? "gray" : "blue"}
      title={[t("score_of", { score: of.score }), ...why].join("\n")}
    >
      <VisuallyHidden>{t("score")} </VisuallyHidden>
      {of.score}
    </Badge>
  );
}
