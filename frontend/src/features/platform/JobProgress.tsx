import { useTranslation } from "react-i18next";
import type { Job } from "@/api";
import { useFormat } from "@/shared/format";
import { Group, Progress, Text } from "@/shared/ui";
import { underWay } from "./jobs";

/** How far a job is: a bar where the end is known, a count where it is not, and what went wrong. */
export function JobProgress({ job }: { job: Job }) {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const done = job.progress?.done ?? 0;
  const total = job.progress?.total ?? undefined;
  if (job.status === "failed") {
    return (
      <Text role="alert" size="sm" c="var(--mantine-color-error)">
        {job.error?.detail ?? job.error?.title ?? t("common:job.failed")}
      </Text>
    );
  }
  if (!underWay(job)) return <Text size="sm">{t(`common:job.${job.status}`)}</Text>;
  return (
    <div>
      <Group justify="space-between" gap="md" wrap="nowrap">
        <Text size="sm">{t(`common:job.${job.status}`)}</Text>
        <Text size="sm" c="dimmed" className="tabular" role="status">
          {total ? `${f.number(done)} / ${f.number(total)}` : done > 0 ? f.number(done) : ""}
        </Text>
      </Group>
      <Progress
        mt={4}
        size="sm"
        value={total ? (done / total) * 100 : 100}
        animated={!total}
        aria-label={t(`common:job.${job.status}`)}
      />
    </div>
  );
}
