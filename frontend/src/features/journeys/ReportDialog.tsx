import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Dialog, Stack, Text, Waiting } from "@/shared/ui";
import { type Journey, reportQuery } from "./queries";

/** How a journey goes with the customers one sees: how many are under way, and which stations are kept. */
export default function ReportDialog({ journey, onClose }: { journey: Journey; onClose: () => void }) {
  const { t } = useTranslation("journeys");
  const f = useFormat();
  const report = useQuery(reportQuery(journey.id));
  return (
    <Dialog opened onClose={onClose} title={t("report_of", { name: journey.name })} size="lg">
      <Waiting query={report} rows={5} />
      {report.data && (
        <Stack gap="sm">
          <Text size="sm">{t("report_line", { ...report.data })}</Text>
          <SimpleTable
            label={t("stations")}
            rows={report.data.stations}
            rowKey={(one) => one.step}
            columns={[
              { id: "name", header: t("station"), cell: (one) => one.name },
              { id: "done", header: t("state.done"), cell: (one) => f.number(one.done) },
              { id: "share", header: t("on_time"), cell: (one) => f.percent(one.on_time_share) },
              { id: "open", header: t("open"), cell: (one) => f.number(one.open) },
              { id: "late", header: t("state.late"), cell: (one) => f.number(one.late) },
              { id: "skipped", header: t("state.skipped"), cell: (one) => f.number(one.skipped), wide: true },
            ]}
          />
        </Stack>
      )}
    </Dialog>
  );
}
