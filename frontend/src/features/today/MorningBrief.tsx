import { IconChevronDown, IconChevronRight } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok, type Schema } from "@/api";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { IconButton, Panel } from "@/shared/ui";

type Line = Schema<"BriefLine">;

/** Whether the person closed it is remembered on this device. */
const CLOSED = "regulars.brief.closed";

const briefQuery = {
  queryKey: keys.part("today", "brief", ""),
  queryFn: ({ signal }: { signal: AbortSignal }) => ok(api.GET("/today/brief", { signal })),
};

/** Yesterday for me, my team, my unit and the company; can be folded away. */
export function MorningBrief() {
  const { t } = useTranslation("today");
  const f = useFormat();
  const brief = useQuery(briefQuery);
  const [closed, setClosed] = useState(() => localStorage.getItem(CLOSED) === "1");
  if (!brief.data || brief.data.lines.length === 0) return null;
  const fold = () => {
    localStorage.setItem(CLOSED, closed ? "0" : "1");
    setClosed(!closed);
  };
  const counted = (count: number | null | undefined) =>
    count === null || count === undefined ? "–" : f.number(count);
  const numbers = ["orders", "new_customers", "warnings", "dates", "promises", "untouched"] as const;
  const wide = new Set<string>(["warnings", "dates", "promises", "untouched"]);
  return (
    <Panel
      title={t("brief.title", { day: f.monthDay(brief.data.on) })}
      flush
      aside={
        <IconButton label={t(closed ? "brief.open" : "brief.close")} aria-expanded={!closed} onClick={fold}>
          {closed ? <IconChevronRight size={16} /> : <IconChevronDown size={16} />}
        </IconButton>
      }
    >
      {!closed && (
        <SimpleTable
          label={t("brief.label")}
          rows={brief.data.lines}
          rowKey={(line) => line.scope}
          columns={[
            { id: "scope", header: t("brief.who"), cell: (line: Line) => t(`brief.scope.${line.scope}`) },
            {
              id: "revenue",
              header: t("brief.revenue"),
              align: "right" as const,
              cell: (line: Line) => (line.revenue ? f.short(line.revenue) : "–"),
            },
            ...numbers.map((key) => ({
              id: key,
              header: t(`brief.${key}`),
              align: "right" as const,
              wide: wide.has(key),
              cell: (line: Line) => counted(line[key]),
            })),
          ]}
        />
      )}
    </Panel>
  );
}
