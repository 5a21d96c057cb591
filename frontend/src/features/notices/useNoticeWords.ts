/** What a notice says, in the person's language. */
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import type { Notice } from "./queries";

export interface NoticeWords {
  title: string;
  detail?: string;
}

const count = (value: unknown): number => (typeof value === "number" ? value : 0);
const text = (value: unknown): string => (typeof value === "string" ? value : "");

export function useNoticeWords(): (notice: Notice) => NoticeWords {
  const { t } = useTranslation("notices");
  const f = useFormat();
  return useCallback(
    (notice) => {
      const params = notice.params as Record<string, unknown>;
      const on = text(params.due_on);
      const due = on && t("due", { when: [f.date(on), text(params.due_time)].filter(Boolean).join(" ") });
      const silent = [
        count(params.idle_days) > 0 && t("short.idle", { count: count(params.idle_days) }),
        count(params.idle) > 0 && t("short.idle_people", { count: count(params.idle) }),
        count(params.untouched_leads) > 0 && t("short.leads", { count: count(params.untouched_leads) }),
        count(params.untouched_opportunities) > 0 &&
          t("short.opportunities", { count: count(params.untouched_opportunities) }),
      ];
      const names = Array.isArray(params.names) ? params.names.map(text).join(t("comma")) : "";
      const pooled = names && t("pool", { names, day: f.date(text(params.on)) });
      const week = text(params.week).replace(/^\d+-W0?/, "");
      return {
        title: t(`kind.${notice.kind}`, {
          title: text(params.title),
          by: text(params.by),
          unit: text(params.unit),
          week,
          count: count(params.people) || count(params.count),
          kept: count(params.kept_days),
          required: count(params.required_days),
        }),
        detail: [due, pooled, ...silent].filter(Boolean).join(" · ") || undefined,
      };
    },
    [t, f],
  );
}
