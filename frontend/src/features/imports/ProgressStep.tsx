import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, keys, ok } from "@/api";
import { useJob } from "@/features/platform";
import { useFormat } from "@/shared/format";
import { Button, Group, Progress, Stack, Text } from "@/shared/ui";
import type { Import } from "./types";

/** The server at work. Nothing here needs to stay open. */
export function ProgressStep({ row, title }: { row: Import; title: string }) {
  const { t } = useTranslation("imports");
  const f = useFormat();
  const client = useQueryClient();
  const job = useJob(row.job_id).data;
  const cancel = useMutation({
    mutationFn: () => ok(api.POST("/jobs/{id}/cancellation", { params: { path: { id: row.job_id ?? "" } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.of("imports") }),
  });
  const done = Math.max(job?.progress?.done ?? 0, row.counts.done);
  const total = job?.progress?.total ?? (row.counts.rows > done ? row.counts.rows : undefined);
  return (
    <Stack>
      <Group justify="space-between">
        <Text fw={600}>{title}</Text>
        <Text role="status" className="tabular" c="dimmed">
          {total
            ? `${f.number(done)} / ${f.number(total)} · ${f.percent(Math.min(done / total, 1))}`
            : done > 0
              ? t("rows_done", { count: done, shown: f.number(done) })
              : ""}
        </Text>
      </Group>
      <Progress
        size="lg"
        value={total ? Math.min((done / total) * 100, 100) : 100}
        animated={!total}
        aria-label={title}
      />
      <Text size="sm" c="dimmed">
        {t("may_leave")}
      </Text>
      {row.job_id && (
        <Group justify="flex-end">
          <Button variant="default" loading={cancel.isPending} onClick={() => cancel.mutate()}>
            {t("cancel")}
          </Button>
        </Group>
      )}
    </Stack>
  );
}
