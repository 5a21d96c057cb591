import { IconTargetArrow } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { useCreating } from "@/app/creating";
import { useDictionary } from "@/features/customers";
import { ImportLink, useExport } from "@/features/imports";
import { ScoreMark } from "@/features/leadscoring";
import { AdvancedFilter, useConditionFields } from "@/shared/condition";
import { useFormat } from "@/shared/format";
import { type FilterField, type GridColumn, ListPage, offered } from "@/shared/grid";
import { TextLink } from "@/shared/ui";
import { LeadMark, StageMark, UntouchedMark } from "./marks";
import { fetchOpportunities, OPPORTUNITIES } from "./queries";
import { SalesPlaces } from "./SalesPlaces";
import type { Opportunity } from "./types";
import { UntouchedFilter } from "./UntouchedFilter";

const OpportunityDialog = lazy(() => import("./OpportunityDialog"));

/** Every lead and opportunity in one list. */
export function OpportunitiesPage() {
  const { t } = useTranslation("pipeline");
  const client = useQueryClient();
  const creating = useCreating(useCan("sales:opportunity:write"), t("new"));
  const exporting = useExport("opportunities");
  const fields = useConditionFields(OPPORTUNITIES);
  const columns = useColumns(fields);
  return (
    <ListPage
      resource={OPPORTUNITIES}
      title={t("list_title")}
      lead={<SalesPlaces at="list" />}
      actions={
        <>
          <ImportLink resource="opportunities">{t("import")}</ImportLink>
          {creating.button}
        </>
      }
      columns={columns}
      fields={fields}
      fetch={fetchOpportunities}
      open={(row) => ({ to: "/sales/$id", params: { id: row.id } })}
      name={(row) => row.name}
      views
      tools={
        <>
          <UntouchedFilter />
          <AdvancedFilter fields={fields} />
        </>
      }
      onExport={exporting.onExport}
      empty={{
        icon: <IconTargetArrow size={28} stroke={1.5} />,
        title: t("empty"),
        hint: t("empty_hint"),
      }}
    >
      {exporting.dialog}
      <Suspense>
        {creating.opened && (
          <OpportunityDialog
            onClose={creating.close}
            onSaved={() => {
              creating.close();
              void client.invalidateQueries({ queryKey: keys.of(OPPORTUNITIES) });
            }}
          />
        )}
      </Suspense>
    </ListPage>
  );
}

function useColumns(fields: FilterField[]): GridColumn<Opportunity>[] {
  const { t } = useTranslation("pipeline");
  const f = useFormat();
  const source = useDictionary("source");
  return useMemo(() => {
    const columns: GridColumn<Opportunity>[] = [
      {
        id: "name",
        header: t("field.name"),
        sort: "name",
        width: 240,
        phone: "title",
        cell: (row) => (
          <>
            <TextLink to="/sales/$id" params={{ id: row.id }} fw={600}>
              {row.name}
            </TextLink>{" "}
            <LeadMark of={row} /> <UntouchedMark of={row} />
          </>
        ),
      },
      {
        id: "customer",
        header: t("field.customer"),
        width: 170,
        phone: "meta",
        cell: (row) =>
          row.customer?.name ? (
            <TextLink to="/customers/$id" params={{ id: row.customer.id }}>
              {row.customer.name}
            </TextLink>
          ) : (
            row.lead_company || row.lead_person
          ),
      },
      {
        id: "stage",
        header: t("field.stage"),
        width: 130,
        phone: "end",
        cell: (row) => <StageMark of={row} />,
      },
      {
        id: "score",
        header: t("field.score"),
        sort: "score",
        align: "right",
        width: 90,
        phone: "meta",
        cell: (row) => <ScoreMark of={row} />,
      },
      {
        id: "amount",
        header: t("field.amount"),
        sort: "amount",
        align: "right",
        width: 140,
        phone: "meta",
        cell: (row) => row.amount && f.money(row.amount),
      },
      {
        id: "weighted",
        header: t("field.weighted"),
        hint: t("weighted_hint"),
        align: "right",
        width: 140,
        hidden: true,
        cell: (row) => f.money(row.weighted),
      },
      {
        id: "expected_close",
        header: t("field.expected_close"),
        sort: "expected_close",
        width: 130,
        cell: (row) => row.expected_close && f.date(row.expected_close),
      },
      { id: "owner", header: t("field.owner"), width: 110, cell: (row) => row.owner?.name },
      { id: "source", header: t("field.source"), width: 110, cell: (row) => source.word(row.source) },
      {
        id: "touched_at",
        header: t("field.touched_at"),
        sort: "touched_at",
        width: 130,
        cell: (row) => f.ago(row.touched_at),
      },
      {
        id: "stage_since",
        header: t("field.stage_since"),
        sort: "stage_since",
        width: 130,
        cell: (row) => f.ago(row.stage_since),
      },
      { id: "pipeline", header: t("pipeline"), width: 130, hidden: true, cell: (row) => row.pipeline.name },
      { id: "unit", header: t("field.unit"), width: 120, hidden: true, cell: (row) => row.unit.name },
      {
        id: "created_at",
        header: t("field.created_at"),
        sort: "created_at",
        width: 130,
        hidden: true,
        cell: (row) => f.date(row.created_at),
      },
    ];
    return offered(columns, fields);
  }, [t, f, source, fields]);
}
