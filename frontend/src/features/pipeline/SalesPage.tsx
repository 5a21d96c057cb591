import { IconLayoutKanban, IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan, useMe } from "@/api";
import { useShortcuts } from "@/app/shortcuts";
import { Button, EmptyState, Group, Page, PageHeader, SegmentedControl, Select, Waiting } from "@/shared/ui";
import { Board } from "./Board";
import { OPPORTUNITIES, pipelinesQuery } from "./queries";
import { SalesPlaces } from "./SalesPlaces";

const OpportunityDialog = lazy(() => import("./OpportunityDialog"));

/** What is being sold: a column for every stage, a card for every opportunity. */
export function SalesPage() {
  const { t } = useTranslation("pipeline");
  const search = useSearch({ from: "/_app/sales/" });
  const navigate = useNavigate({ from: "/sales/" });
  const me = useMe();
  const pipelines = useQuery(pipelinesQuery);
  const mayWrite = useCan("sales:opportunity:write");
  const [creating, setCreating] = useState(false);
  const client = useQueryClient();
  useShortcuts({ n: () => mayWrite && setCreating(true) });
  const active = (pipelines.data ?? []).filter((one) => one.active);
  const pipeline = active.find((one) => one.id === search.pipeline) ?? active[0];
  return (
    <Page width="full">
      <PageHeader
        title={t("title")}
        actions={
          <>
            <SalesPlaces at="board" />
            {mayWrite && (
              <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
                {t("new")}
              </Button>
            )}
          </>
        }
      />
      <Group gap="sm">
        {active.length > 1 && (
          <Select
            aria-label={t("pipeline")}
            data={active.map((one) => ({ value: one.id, label: one.name }))}
            value={pipeline?.id ?? null}
            allowDeselect={false}
            onChange={(id) =>
              void navigate({ search: (old) => ({ ...old, pipeline: id ?? undefined }), replace: true })
            }
          />
        )}
        <SegmentedControl
          aria-label={t("whose")}
          data={[
            { value: "all", label: t("everyones") },
            { value: "mine", label: t("mine") },
          ]}
          value={search.mine ? "mine" : "all"}
          onChange={(whose) =>
            void navigate({
              search: (old) => ({ ...old, mine: whose === "mine" || undefined }),
              replace: true,
            })
          }
        />
        <SegmentedControl
          aria-label={t("field.type")}
          data={[
            { value: "any", label: t("both") },
            { value: "lead", label: t("type.lead") },
            { value: "opportunity", label: t("type.opportunity") },
          ]}
          value={search.type ?? "any"}
          onChange={(type) =>
            void navigate({
              search: (old) => ({
                ...old,
                type: type === "lead" || type === "opportunity" ? type : undefined,
              }),
              replace: true,
            })
          }
        />
      </Group>
      <Waiting query={pipelines} rows={6} />
      {pipelines.data && !pipeline && (
        <EmptyState icon={<IconLayoutKanban size={28} stroke={1.5} />} title={t("no_pipeline")}>
          {t("no_pipeline_hint")}
        </EmptyState>
      )}
      {pipeline && (
        <Board
          key={pipeline.id}
          pipeline={pipeline}
          owner={search.mine ? me.id : undefined}
          type={search.type}
          mayWrite={mayWrite}
        />
      )}
      <Suspense>
        {creating && (
          <OpportunityDialog
            pipeline={pipeline?.id}
            onClose={() => setCreating(false)}
            onSaved={() => {
              setCreating(false);
              void client.invalidateQueries({ queryKey: keys.of(OPPORTUNITIES) });
            }}
          />
        )}
      </Suspense>
    </Page>
  );
}
