import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type ListParams, ok } from "@/api";
import { useFormat } from "@/shared/format";
import { type FilterField, type GridColumn, ListView } from "@/shared/grid";
import { EmptyState, Page, PageHeader } from "@/shared/ui";
import { auditNameOf } from "./auditName";
import { ChainLine } from "./ChainLine";
import { type AuditEvent, directoryQuery } from "./queries";

const AuditEventPanel = lazy(() => import("./AuditEventPanel"));

const RESOURCES = [
  "customer",
  "product",
  "brand",
  "category",
  "opportunity",
  "order",
  "pipeline",
  "pool",
  "quote",
  "interaction",
  "preference",
  "fact",
  "key_account",
  "training",
  "dealer",
  "cost",
  "relation",
  "asset",
  "consent",
  "suppression",
  "wish",
  "journey",
  "journey_run",
  "tag",
  "segment",
  "view",
  "dashboard",
  "clustering",
  "import",
  "export",
  "user",
  "role",
  "unit",
  "department",
  "api_key",
  "webhook",
  "session",
  "settings",
  "custom_field",
  "dictionary_entry",
  "job",
];

const fetchEvents = (query: ListParams, signal: AbortSignal) =>
  ok(api.GET("/audit-events", { params: { query }, signal }));

/** Who changed what, when, from where: filtered, and each with its before and after. */
export function AuditPage() {
  const { t } = useTranslation(["admin", "grid"]);
  const f = useFormat();
  const [open, setOpen] = useState<AuditEvent>();
  const people = useQuery(directoryQuery).data;
  const resource = useCallback((key: string) => t(`resource.${key}`, { defaultValue: key }), [t]);
  const action = useCallback((key: string) => t(`action.${key}`, { defaultValue: key }), [t]);

  const columns = useMemo<GridColumn<AuditEvent>[]>(
    () => [
      {
        id: "at",
        header: t("audit.at"),
        width: 160,
        sort: "at",
        phone: "end",
        cell: (one) => f.dateTime(one.at),
      },
      {
        id: "actor",
        header: t("audit.actor"),
        width: 150,
        phone: "title",
        cell: (one) => one.actor?.name ?? t("audit.system"),
      },
      {
        id: "action",
        header: t("audit.action"),
        width: 130,
        phone: "meta",
        cell: (one) => action(one.action),
      },
      {
        id: "resource",
        header: t("audit.resource"),
        width: 130,
        phone: "meta",
        cell: (one) => resource(one.resource),
      },
      { id: "record", header: t("audit.record"), width: 160, phone: "meta", cell: auditNameOf },
      {
        id: "changes",
        header: t("audit.changes"),
        width: 260,
        cell: (one) => one.changes.map((change) => change.label).join(t("grid:list_separator")),
      },
      { id: "unit", header: t("field.unit"), width: 130, cell: (one) => one.unit?.name ?? "" },
      {
        id: "address",
        header: t("users.address"),
        width: 140,
        hidden: true,
        cell: (one) => one.address ?? "",
      },
    ],
    [t, f, action, resource],
  );
  const fields = useMemo<FilterField[]>(
    () => [
      {
        field: "resource",
        label: t("audit.resource"),
        type: "choice",
        ops: ["eq"],
        options: RESOURCES.map((value) => ({ value, label: t(`resource.${value}`) })),
      },
      { field: "actor_id", label: t("audit.actor"), type: "ref", ops: ["eq"], options: people },
      { field: "resource_id", label: t("audit.resource_id"), type: "text", ops: ["eq"] },
      { field: "action", label: t("audit.action"), type: "text", ops: ["eq"] },
      { field: "at", label: t("audit.at"), type: "instant", ops: ["gte", "lte"] },
    ],
    [t, people],
  );
  return (
    <Page width="full">
      <PageHeader title={t("audit.title")} />
      <ChainLine />
      <ListView
        resource="audit-events"
        label={t("audit.title")}
        columns={columns}
        fields={fields}
        fetch={fetchEvents}
        defaultSort="-at"
        counted={false}
        searchable={false}
        onOpen={setOpen}
        name={(one) => one.id}
        empty={<EmptyState icon={<IconHistory size={28} stroke={1.5} />} title={t("audit.none")} />}
      />
      <Suspense>
        {open && (
          <AuditEventPanel
            event={open}
            title={`${action(open.action)} · ${resource(open.resource)}`}
            onClose={() => setOpen(undefined)}
          />
        )}
      </Suspense>
    </Page>
  );
}
