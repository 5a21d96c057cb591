import { useTranslation } from "react-i18next";
import { Badge } from "@/shared/ui";
import type { Opportunity, StageStatus } from "./types";

const COLORS: Record<StageStatus, string> = { open: "blue", won: "pine", lost: "red", dormant: "gray" };

/** The stage by its name, coloured by what it means. */
export function StageMark({ of }: { of: Pick<Opportunity, "stage" | "status"> }) {
  return (
    <Badge size="sm" variant="light" color={COLORS[of.status]}>
      {of.stage.name}
    </Badge>
  );
}

/** Says of a lead that it is one. */
export function LeadMark({ of }: { of: Pick<Opportunity, "type"> }) {
  const { t } = useTranslation("pipeline");
  if (of.type !== "lead") return null;
  return (
    <Badge size="xs" variant="outline" color="ember">
      {t("type.lead")}
    </Badge>
  );
}

/** Says of what is silent for longer than the rule allows that nobody has touched it, and for how long. */
export function UntouchedMark({ of }: { of: Pick<Opportunity, "untouched" | "touched_at"> }) {
  const { t } = useTranslation("pipeline");
  if (!of.untouched) return null;
  const days = Math.floor((Date.now() - Date.parse(of.touched_at)) / 86_400_000);
  return (
    <Badge size="xs" variant="light" color="red" title={t("untouched_for", { count: days })}>
      {t("untouched")}
    </Badge>
  );
}
