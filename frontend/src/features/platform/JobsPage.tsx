import { IconProgressCheck } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, download, type Job, keys, ok } from "@/api";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Button, EmptyState, Page, PageHeader, Panel, toast, Waiting } from "@/shared/ui";
import { JobProgress } from "./JobProgress";
import { jobsQuery, underWay } from "./jobs";

export function JobsPage() {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const client = useQueryClient();
  const jobs = useQuery(jobsQuery);
  const cancel = useMutation({
    mutationFn: (id: string) => ok(api.POST("/jobs/{id}/cancellation", { params: { path: { id } } })),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.of("jobs") }),
  });
  const items = jobs.data?.items ?? [];
  return (
    <Page width="regular">
      <PageHeader title={t("section.jobs")} description={t("section_hint.jobs")} />
      <Panel flush>
        <Waiting query={jobs} />
        {jobs.data && items.length === 0 && (
          <EmptyState icon={<IconProgressCheck size={28} stroke={1.5} />} title={t("jobs.none")}>
            {t("jobs.none_hint")}
          </EmptyState>
        )}
        {items.length > 0 && (
          <SimpleTable
            label={t("section.jobs")}
            rows={items}
            rowKey={(job) => job.id}
            columns={[
              {
                id: "kind",
                header: t("jobs.kind"),
                cell: (job) => t(`job_kind.${job.kind}`, { defaultValue: job.kind }),
              },
              { id: "by", header: t("jobs.by"), cell: (job) => job.created_by?.name ?? "", wide: true },
              {
                id: "at",
                header: t("jobs.started"),
                cell: (job) => f.ago(job.started_at ?? job.created_at),
                wide: true,
              },
              {
                id: "state",
                header: t("field.state"),
                width: "32%",
                cell: (job) => <JobProgress job={job} />,
              },
              {
                id: "action",
                header: "",
                align: "right",
                cell: (job) =>
                  underWay(job) ? (
                    <Button size="compact-sm" variant="default" onClick={() => cancel.mutate(job.id)}>
                      {t("common:action.cancel")}
                    </Button>
                  ) : (
                    <ResultButton job={job} />
                  ),
              },
            ]}
          />
        )}
      </Panel>
    </Page>
  );
}

const API = "/api/v1";

/** Saves a finished job's file. Results that are pages are linked from the page that started the job. */
export function ResultButton({ job }: { job: Job }) {
  const { t } = useTranslation("admin");
  const url = job.result_url;
  if (job.status !== "done" || !url?.endsWith("/file")) return null;
  const save = async () => {
    try {
      await download(url.startsWith(API) ? url.slice(API.length) : url, job.kind);
    } catch (problem) {
      toast.problem(problem);
    }
  };
  return (
    <Button size="compact-sm" variant="light" onClick={() => void save()}>
      {t("jobs.download")}
    </Button>
  );
}
