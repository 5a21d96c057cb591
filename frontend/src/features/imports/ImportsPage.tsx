import { IconFileImport, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { ButtonLink, EmptyState, Page, PageHeader, Panel, TextLink, Waiting } from "@/shared/ui";
import { StatusMark } from "./marks";
import { importsQuery } from "./queries";

/** Every file brought in so far, and what became of it. */
export function ImportsPage() {
  const { t } = useTranslation("imports");
  const f = useFormat();
  const imports = useQuery(importsQuery);
  const items = imports.data?.items ?? [];
  const start = (
    <ButtonLink to="/imports/new" leftSection={<IconPlus size={16} />}>
      {t("new")}
    </ButtonLink>
  );
  return (
    <Page width="regular">
      <PageHeader title={t("title")} description={t("hint")} actions={start} />
      <Panel flush>
        <Waiting query={imports} />
        {imports.data && items.length === 0 && (
          <EmptyState icon={<IconFileImport size={28} stroke={1.5} />} title={t("empty")} actions={start}>
            {t("empty_hint")}
          </EmptyState>
        )}
        {items.length > 0 && (
          <SimpleTable
            label={t("title")}
            rows={items}
            rowKey={(one) => one.id}
            columns={[
              {
                id: "file",
                header: t("file"),
                cell: (one) => (
                  <TextLink to="/imports/$id" params={{ id: one.id }} fw={600}>
                    {one.file_name}
                  </TextLink>
                ),
              },
              { id: "resource", header: t("resource_label"), cell: (one) => t(`resource.${one.resource}`) },
              {
                id: "rows",
                header: t("rows"),
                align: "right",
                cell: (one) => (one.counts.rows > 0 ? f.number(one.counts.rows) : ""),
                wide: true,
              },
              {
                id: "rejects",
                header: t("outcome.reject"),
                align: "right",
                cell: (one) => (one.counts.reject > 0 ? f.number(one.counts.reject) : ""),
                wide: true,
              },
              { id: "at", header: t("when"), cell: (one) => f.ago(one.created_at), wide: true },
              { id: "status", header: t("status_label"), cell: (one) => <StatusMark status={one.status} /> },
            ]}
          />
        )}
      </Panel>
    </Page>
  );
}
