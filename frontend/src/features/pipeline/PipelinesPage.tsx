import { IconLayoutKanban, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { SimpleTable } from "@/shared/grid";
import { Anchor, Button, EmptyState, Page, PageHeader, Panel, Waiting } from "@/shared/ui";
import { pipelinesQuery } from "./queries";
import type { Pipeline } from "./types";

const PipelinePanel = lazy(() => import("./PipelinePanel"));

/** The ways of selling, each with its stages. */
export function PipelinesPage() {
  const { t } = useTranslation(["pipeline", "admin"]);
  const pipelines = useQuery(pipelinesQuery);
  const may = useCan("platform:pipeline:write");
  const [open, setOpen] = useState<{ pipeline?: Pipeline }>();
  const create = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({})}>
      {t("pipeline_add")}
    </Button>
  );
  return (
    <Page width="narrow">
      <PageHeader
        title={t("admin:section.pipelines")}
        description={t("admin:section_hint.pipelines")}
        actions={create}
      />
      <Panel flush>
        <Waiting query={pipelines} rows={3} />
        {pipelines.data?.length === 0 && (
          <EmptyState
            icon={<IconLayoutKanban size={28} stroke={1.5} />}
            title={t("no_pipeline")}
            actions={create}
          >
            {t("no_pipeline_hint")}
          </EmptyState>
        )}
        {pipelines.data && pipelines.data.length > 0 && (
          <SimpleTable
            label={t("admin:section.pipelines")}
            rows={pipelines.data}
            rowKey={(one) => one.id}
            columns={[
              {
                id: "name",
                header: t("field.name"),
                cell: (one) =>
                  one.editable ? (
                    <Anchor component="button" type="button" onClick={() => setOpen({ pipeline: one })}>
                      {one.name}
                    </Anchor>
                  ) : (
                    one.name
                  ),
              },
              { id: "unit", header: t("field.unit"), cell: (one) => one.unit?.name ?? t("every_unit") },
              {
                id: "stages",
                header: t("stages"),
                cell: (one) => one.stages.map((stage) => stage.name).join(" → "),
                wide: true,
              },
              {
                id: "active",
                header: t("common:state.active"),
                cell: (one) => t(one.active ? "common:state.yes" : "common:state.no"),
                wide: true,
              },
            ]}
          />
        )}
      </Panel>
      <Suspense>
        {open && <PipelinePanel pipeline={open.pipeline} onClose={() => setOpen(undefined)} />}
      </Suspense>
    </Page>
  );
}
