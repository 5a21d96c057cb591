import { IconRosetteDiscountCheck } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { EmptyState, Page, PageHeader, Panel, Select, TextLink, Waiting } from "@/shared/ui";
import { QualificationMark } from "./marks";
import classes from "./Qualification.module.css";
import { listQuery, templatesQuery, waitingQuery } from "./queries";
import { STATUSES } from "./types";

/** Everyone on the way to becoming a customer, and who waits for whom. */
export function QualificationsPage() {
  const { t } = useTranslation("qualifications");
  const f = useFormat();
  const navigate = useNavigate();
  const { show, template } = useSearch({ from: "/_app/qualifications" });
  const mine = show === "waiting";
  const all = useQuery({ ...listQuery(mine ? undefined : show, template), enabled: !mine });
  const waiting = useQuery({ ...waitingQuery, enabled: mine });
  const templates = useQuery(templatesQuery).data ?? [];
  const query = mine ? waiting : all;
  const rows = (query.data ?? []).filter((one) => !mine || !template || one.template.id === template);
  const go = (change: object) =>
    void navigate({ to: "/qualifications", search: (old) => ({ ...old, ...change }), replace: true });
  return (
    <Page width="regular">
      <PageHeader title={t("list_title")} description={t("list_hint")} />
      <div className={classes.filters}>
        <Select
          label={t("show")}
          clearable
          placeholder={t("all")}
          value={show ?? null}
          onChange={(value) => go({ show: value ?? undefined })}
          data={[
            { value: "waiting", label: t("waiting_title") },
            ...STATUSES.map((value) => ({ value, label: t(`status.${value}`) })),
          ]}
        />
        {templates.length > 1 && (
          <Select
            label={t("template")}
            clearable
            placeholder={t("all")}
            value={template ?? null}
            onChange={(value) => go({ template: value ?? undefined })}
            data={templates.map((one) => ({ value: one.id, label: one.name }))}
          />
        )}
      </div>
      <Panel flush>
        <Waiting query={query} rows={6} />
        {query.data && rows.length === 0 && (
          <EmptyState
            icon={<IconRosetteDiscountCheck size={28} stroke={1.5} />}
            title={t(show || template ? "list_none_here" : "list_none")}
          >
            {!show && !template && t("list_none_hint")}
          </EmptyState>
        )}
        {rows.length > 0 && (
          <SimpleTable
            label={t("list_title")}
            rows={rows}
            rowKey={(one) => one.id}
            columns={[
              {
                id: "customer",
                header: t("customer"),
                cell: (one) => (
                  <TextLink to="/customers/$id" params={{ id: one.customer.id }} fw={600}>
                    {one.customer.name}
                  </TextLink>
                ),
              },
              { id: "status", header: t("state"), cell: (one) => <QualificationMark status={one.status} /> },
              { id: "waits", header: t("waits_for"), cell: (one) => one.waits_for ?? "", wide: true },
              { id: "template", header: t("template"), cell: (one) => one.template.name, wide: true },
              { id: "owner", header: t("owner"), cell: (one) => one.owner?.name ?? "", wide: true },
              { id: "at", header: t("changed"), cell: (one) => f.ago(one.updated_at), wide: true },
            ]}
          />
        )}
      </Panel>
    </Page>
  );
}
