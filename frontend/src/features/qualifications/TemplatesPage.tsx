import { IconPlus, IconRosetteDiscountCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { SimpleTable } from "@/shared/grid";
import { Anchor, Button, EmptyState, Page, PageHeader, Panel, Waiting } from "@/shared/ui";
import { templatesQuery } from "./queries";
import type { Template } from "./types";

const TemplatePanel = lazy(() => import("./TemplatePanel"));

/** What is asked of new customers, unit by unit. */
export function TemplatesPage() {
  const { t } = useTranslation(["qualifications", "admin"]);
  const templates = useQuery(templatesQuery);
  const may = useCan("platform:qualification:write");
  const [open, setOpen] = useState<{ template?: Template }>();
  const create = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({})}>
      {t("template_add")}
    </Button>
  );
  return (
    <Page width="narrow">
      <PageHeader
        title={t("admin:section.qualification")}
        description={t("admin:section_hint.qualification")}
        actions={create}
      />
      <Panel flush>
        <Waiting query={templates} rows={4} />
        {templates.data?.length === 0 && (
          <EmptyState
            icon={<IconRosetteDiscountCheck size={28} stroke={1.5} />}
            title={t("template_none")}
            actions={create}
          >
            {t("template_none_hint")}
          </EmptyState>
        )}
        {templates.data && templates.data.length > 0 && (
          <SimpleTable
            label={t("admin:section.qualification")}
            rows={templates.data}
            rowKey={(one) => one.id}
            columns={[
              {
                id: "name",
                header: t("template"),
                cell: (one) =>
                  one.editable ? (
                    <Anchor component="button" type="button" onClick={() => setOpen({ template: one })}>
                      {one.name}
                    </Anchor>
                  ) : (
                    one.name
                  ),
              },
              { id: "unit", header: t("unit"), cell: (one) => one.unit?.name ?? t("every_unit") },
              {
                id: "required",
                header: t("code_after"),
                cell: (one) => t(one.required ? "common:state.yes" : "common:state.no"),
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
        {open && <TemplatePanel template={open.template} onClose={() => setOpen(undefined)} />}
      </Suspense>
    </Page>
  );
}
