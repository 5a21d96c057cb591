import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type ListParams, type Money, ok } from "@/api";
import { useFormat } from "@/shared/format";
import { type FilterField, type GridColumn, ListView, SimpleTable } from "@/shared/grid";
import { EmptyState, Page, PageHeader, SidePanel, Stack, Text } from "@/shared/ui";
import { ChainLine } from "./ChainLine";
import { type AuditEvent, directoryQuery } from "./queries";

const RESOURCES = [
  "customer",
  "product",
  "brand",
  "category",
  "opportunity",
  "order",
  "pipeline",
  "quote",
  "interaction",
  "preference",
  "relation",
  "asset",
  "consent",
  "suppression",
  "wish",
  "tag",
  "segment",
  "view",
  "dashboard",
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
      { id: "record", header: t("audit.record"), width: 160, phone: "meta", cell: nameOf },
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
      {open && (
        <SidePanel
          opened
          onClose={() => setOpen(undefined)}
          size="lg"
          title={`${action(open.action)} · ${resource(open.resource)}`}
        >
          <EventDetail event={open} />
        </SidePanel>
      )}
    </Page>
  );
}

/** What the record is called: now, or when it was written down if it is gone or out of sight. */
function nameOf(event: AuditEvent): string {
  const told = { ...event.before, ...event.after } as Record<string, unknown>;
  const name = event.resource_name ?? told.name ?? told.label_zh ?? told.file_name ?? told.code;
  return typeof name === "string" ? name : "";
}

function EventDetail({ event }: { event: AuditEvent }) {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const { changes } = event;
  const facts: [string, string][] = [
    [t("audit.at"), f.dateTime(event.at)],
    [t("audit.actor"), event.actor?.name ?? t("audit.system")],
    [t("users.address"), event.address ?? "–"],
    ...(nameOf(event) ? [[t("audit.record"), nameOf(event)] as [string, string]] : []),
    [t("audit.resource_id"), event.resource_id],
    [t("audit.request"), event.request_id ?? "–"],
  ];
  return (
    <Stack>
      <dl style={{ display: "grid", gridTemplateColumns: "auto 1fr", gap: "0.375rem 1rem", margin: 0 }}>
        {facts.map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <Text component="dt" c="dimmed">
              {name}
            </Text>
            <Text component="dd" m={0} style={{ overflowWrap: "anywhere" }}>
              {value}
            </Text>
          </div>
        ))}
      </dl>
      {changes.length === 0 ? (
        <Text c="dimmed">{t("audit.no_changes")}</Text>
      ) : (
        <SimpleTable
          label={t("audit.changes")}
          rows={changes}
          rowKey={(one) => one.field}
          columns={[
            { id: "field", header: t("audit.field"), cell: (one) => one.label },
            { id: "before", header: t("audit.before"), cell: (one) => <Value value={one.before} old /> },
            { id: "after", header: t("audit.after"), cell: (one) => <Value value={one.after} /> },
          ]}
        />
      )}
    </Stack>
  );
}

const isMoney = (value: unknown): value is Money =>
  typeof value === "object" && value !== null && "amount" in value && "currency" in value;
const INSTANT = /^\d{4}-\d\d-\d\dT/;
const DAY = /^\d{4}-\d\d-\d\d$/;

/** A value as the server words it; amounts, days and truths as this reader writes them. */
function useWords() {
  const { t } = useTranslation();
  const f = useFormat();
  return (value: unknown): string => {
    if (typeof value === "boolean") return t(value ? "state.yes" : "state.no");
    if (typeof value === "number") return f.number(value);
    if (isMoney(value)) return f.money(value);
    if (typeof value !== "string") return JSON.stringify(value);
    return INSTANT.test(value) ? f.dateTime(value) : DAY.test(value) ? f.date(value) : value;
  };
}

function Value({ value, old }: { value: unknown; old?: boolean }) {
  const words = useWords();
  if (value === undefined || value === null) return <Text c="dimmed">–</Text>;
  return (
    <Text
      component={old ? "del" : "ins"}
      td={old ? "line-through" : "none"}
      style={{ overflowWrap: "anywhere" }}
    >
      {words(value)}
    </Text>
  );
}
