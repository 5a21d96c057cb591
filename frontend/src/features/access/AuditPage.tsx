import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type ListParams, ok } from "@/api";
import { useFormat } from "@/shared/format";
import { type FilterField, type GridColumn, ListView, SimpleTable } from "@/shared/grid";
import { EmptyState, Page, PageHeader, SidePanel, Stack, Text } from "@/shared/ui";
import { ChainLine } from "./ChainLine";
import { type Change, differences } from "./differences";
import { type AuditEvent, directoryQuery } from "./queries";

const RESOURCES = [
  "customer",
  "product",
  "brand",
  "category",
  "order",
  "interaction",
  "preference",
  "relation",
  "tag",
  "segment",
  "view",
  "import",
  "export",
  "user",
  "role",
  "unit",
  "department",
  "api_key",
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
  const { t } = useTranslation("admin");
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
      {
        id: "changes",
        header: t("audit.changes"),
        width: 260,
        cell: (one) => summary(differences(one.before, one.after)),
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

const summary = (changes: Change[]) => changes.map((one) => one.field).join(", ");

function EventDetail({ event }: { event: AuditEvent }) {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const changes = differences(event.before, event.after);
  const facts: [string, string][] = [
    [t("audit.at"), f.dateTime(event.at)],
    [t("audit.actor"), event.actor?.name ?? t("audit.system")],
    [t("users.address"), event.address ?? "–"],
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
            { id: "field", header: t("audit.field"), cell: (one) => one.field },
            { id: "before", header: t("audit.before"), cell: (one) => <Value text={one.before} old /> },
            { id: "after", header: t("audit.after"), cell: (one) => <Value text={one.after} /> },
          ]}
        />
      )}
    </Stack>
  );
}

function Value({ text, old }: { text: string | undefined; old?: boolean }) {
  if (text === undefined) return <Text c="dimmed">–</Text>;
  return (
    <Text
      component={old ? "del" : "ins"}
      td={old ? "line-through" : "none"}
      style={{ overflowWrap: "anywhere" }}
    >
      {text}
    </Text>
  );
}
