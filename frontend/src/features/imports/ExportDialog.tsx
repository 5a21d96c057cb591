import { useMutation } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type ListParams, ok, type Schema } from "@/api";
import { JobProgress, ResultButton, underWay, useJob } from "@/features/platform";
import { Alert, Button, Dialog, Group, Radio, Stack, Text } from "@/shared/ui";
import { problemText } from "@/shared/ui/States";

type Format = Schema<"ExportFormat">;

export interface ExportRequest {
  resource: Schema<"ExportResource">;
  /** As the list asks. */
  query: Pick<ListParams, "q" | "filter" | "sort">;
  columns?: string[];
  segment?: string;
  /** Of a pivot. */
  pivot?: Schema<"PivotQuery">;
  /** Of a report. */
  period?: Schema<"ExportPeriod">;
}

/** Exactly what is shown, as a file: choose the kind, watch it being written, save it. */
export function ExportDialog({ request, onClose }: { request: ExportRequest; onClose: () => void }) {
  const { t } = useTranslation("imports");
  const [format, setFormat] = useState<Format>("xlsx");
  const start = useMutation({
    mutationFn: () => ok(api.POST("/exports", { body: bodyOf(request, format) })),
    meta: { quiet: true },
  });
  const job = useJob(start.data?.id).data ?? start.data;
  const saved = useRef<HTMLDivElement>(null);
  const ready = job?.status === "done";
  useEffect(() => {
    if (ready) saved.current?.querySelector("button")?.focus();
  }, [ready]);
  return (
    <Dialog opened onClose={onClose} title={t("export.title")} size="sm">
      <Stack>
        {!job && (
          <Radio.Group label={t("export.format")} value={format} onChange={setFormat}>
            <Stack gap={6} mt="xs">
              <Radio value="xlsx" label={t("export.xlsx")} data-autofocus />
              <Radio value="csv" label={t("export.csv")} />
            </Stack>
          </Radio.Group>
        )}
        {start.isError && (
          <Alert color="red" variant="light" role="alert">
            {problemText(start.error, t)}
          </Alert>
        )}
        {job && <JobProgress job={job} />}
        {job && underWay(job) && (
          <Text size="sm" c="dimmed">
            {t("export.goes_on")}
          </Text>
        )}
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            {t(job ? "common:action.close" : "common:action.cancel")}
          </Button>
          {!job && (
            <Button loading={start.isPending} onClick={() => start.mutate()}>
              {t("common:action.export")}
            </Button>
          )}
          {job && (
            <div ref={saved}>
              <ResultButton job={job} />
            </div>
          )}
        </Group>
      </Stack>
    </Dialog>
  );
}

function bodyOf(
  { resource, query, columns, segment, pivot, period }: ExportRequest,
  format: Format,
): Schema<"ExportInput"> {
  const { q, filter, sort } = query;
  return {
    resource,
    format,
    q,
    sort,
    filter: filter && JSON.parse(filter),
    columns,
    segment_id: segment,
    pivot,
    period,
  };
}
