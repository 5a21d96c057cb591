import { IconForms, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Anchor, Button, EmptyState, Page, PageHeader, Panel, Waiting } from "@/shared/ui";
import { formsQuery, type LeadForm } from "./queries";

const LeadFormPanel = lazy(() => import("./LeadFormPanel"));
const SnippetDialog = lazy(() => import("./SnippetDialog"));

/** The forms on the web, what came by them, and how to put one on a page. */
export function LeadFormsPage() {
  const { t } = useTranslation(["leadforms", "admin"]);
  const f = useFormat();
  const forms = useQuery(formsQuery);
  const may = useCan("platform:pipeline:write");
  const [open, setOpen] = useState<{ form?: LeadForm }>();
  const [embedding, setEmbedding] = useState<LeadForm>();
  const create = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({})}>
      {t("add")}
    </Button>
  );
  return (
    <Page width="regular">
      <PageHeader
        title={t("admin:section.lead_forms")}
        description={t("admin:section_hint.lead_forms")}
        actions={create}
      />
      <Panel flush>
        <Waiting query={forms} rows={3} />
        {forms.data?.length === 0 && (
          <EmptyState icon={<IconForms size={28} stroke={1.5} />} title={t("none")} actions={create}>
            {t("none_hint")}
          </EmptyState>
        )}
        {forms.data && forms.data.length > 0 && (
          <SimpleTable
            label={t("admin:section.lead_forms")}
            rows={forms.data}
            rowKey={(one) => one.id}
            columns={[
              {
                id: "name",
                header: t("name"),
                cell: (one) =>
                  one.editable ? (
                    <Anchor component="button" type="button" ta="left" onClick={() => setOpen({ form: one })}>
                      {one.name}
                    </Anchor>
                  ) : (
                    one.name
                  ),
              },
              { id: "unit", header: t("unit"), cell: (one) => one.unit.name, wide: true },
              {
                id: "takes",
                header: t("takes"),
                cell: (one) =>
                  one.owner?.name ?? (one.people.map((person) => person.name).join(t("and")) || t("nobody")),
                wide: true,
              },
              { id: "leads", header: t("leads"), cell: (one) => f.number(one.leads) },
              {
                id: "turned",
                header: t("turned_away"),
                cell: (one) => t("turned", { repeated: one.repeated, trapped: one.trapped }),
                wide: true,
              },
              {
                id: "last",
                header: t("last"),
                cell: (one) => (one.last_at ? f.ago(one.last_at) : "–"),
                wide: true,
              },
              {
                id: "active",
                header: t("common:state.active"),
                cell: (one) => t(one.active ? "common:state.yes" : "common:state.no"),
              },
              {
                id: "embed",
                header: t("address"),
                cell: (one) => (
                  <Button
                    variant="default"
                    size="compact-sm"
                    aria-label={t("embed_one", { name: one.name })}
                    onClick={() => setEmbedding(one)}
                  >
                    {t("embed")}
                  </Button>
                ),
              },
            ]}
          />
        )}
      </Panel>
      <Suspense>
        {open && <LeadFormPanel form={open.form} onClose={() => setOpen(undefined)} />}
        {embedding && <SnippetDialog form={embedding} onClose={() => setEmbedding(undefined)} />}
      </Suspense>
    </Page>
  );
}
