/** What a notice says, in the person's language. */
import { useCallback } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import type { Notice } from "./queries";

export interface NoticeWords {
  title: string;
  detail?: string;
}

const text = (value: unknown): string => (typeof value === "string" ? value : "");

export function useNoticeWords(): (notice: Notice) => NoticeWords {
  const { t } = useTranslation("notices");
  const f = useFormat();
  return useCallback(
    (notice) => {
      const params = notice.params as Record<string, unknown>;
      const on = text(params.due_on);
      const due = on && t("due", { when: [f.date(on), text(params.due_time)].filter(Boolean).join(" ") });
      return {
        title: t(`kind.${notice.kind}`, { title: text(params.title), by: text(params.by) }),
        detail: due || undefined,
      };
    },
    [t, f],
  );
}
