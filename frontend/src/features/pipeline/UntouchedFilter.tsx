import { IconHourglassLow } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { type Condition, type Me, useMe } from "@/api";
import { useListState } from "@/shared/grid";
import { Button } from "@/shared/ui";
import { sameJson } from "@/shared/views";

/** Open, and silent for longer than the company's rule allows. */
const untouched = ({ lead_days, opportunity_days }: Me["company"]["follow_up"]): Condition => ({
  all: [
    { field: "status", op: "eq", value: "open" },
    {
      any: [
        {
          all: [
            { field: "type", op: "eq", value: "lead" },
            { field: "touched_at", op: "more_than_days_ago", value: lead_days },
          ],
        },
        {
          all: [
            { field: "type", op: "eq", value: "opportunity" },
            { field: "touched_at", op: "more_than_days_ago", value: opportunity_days },
          ],
        },
      ],
    },
  ],
});

/** What nobody has touched for too long, with one press; another takes it back. */
export function UntouchedFilter() {
  const { t } = useTranslation("pipeline");
  const filter = untouched(useMe().company.follow_up);
  const { state, update } = useListState();
  const on = sameJson(filter, state.filter ?? null);
  return (
    <Button
      variant={on ? "light" : "default"}
      size="compact-md"
      aria-pressed={on}
      leftSection={<IconHourglassLow size={16} />}
      onClick={() => update({ filter: on ? undefined : filter, view: undefined })}
    >
      {t("untouched")}
    </Button>
  );
}
