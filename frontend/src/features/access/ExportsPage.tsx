import { IconFileExport } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, type Condition, type ListParams, ok, type Schema } from "@/api";
import { useConditionFields } from "@/shared/condition";
import { useFormat } from "@/shared/format";
import { type FilterField, type GridColumn, ListView, partsOf, useChipText } from "@/shared/grid";
import { EmptyState, Page, PageHeader, SidePanel, Text } from "@/shared/ui";
import { directoryQuery } from "./queries";

type Export = Schema<"ExportView">;

const RESOURCES = [
  "customers",
  "orders",
  "opportunities",
  "quotes",
  "bills",
  "products",
  "assets",
  "wishes",
  "dealers",
  "key-accounts",
  "consents",
  "audit-events",
  "discipline",
  "sellout",
  "pivots",
] as const;

const fetchExports = (query: ListParams, signal: AbortSignal) =>
  ok(api.GET("/exports", { params: { query }, signal }));

/** Who took what out of the house, and how often. */
export function ExportsPage() {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const [open, setOpen] = useState<Export>();
  const people = useQuery(directoryQuery).data;
  const columns = useMemo<GridColumn<Export>[]>(
    () => [
      {
        id: "at",
        header: t("exports.at"),
        width: 160,
        sort: "at",
        phone: "end",
        cell: (one) => f.dateTime(one.at),
      },
      { id: "person", header: t("audit.actor"), width: 150, phone: "title", cell: (one) => one.person.name },
      { id: "unit", header: t("field.unit"), width: 130, cell: (one) => one.unit.name },
      {
        id: "resource",
        header: t("exports.what"),
        width: 130,
        phone: "meta",
        cell: (one) => `${t(`exports.resource.${one.resource}`)} · ${one.format.toUpperCase()}`,
      },
      {
        id: "rows",
        header: t("exports.rows"),
        width: 100,
        sort: "rows",
        align: "right",
        phone: "meta",
        cell: (one) => f.number(one.rows),
      },
      {
        id: "columns",
        header: t("exports.columns"),
        width: 240,
        cell: (one) => one.columns.map((column) => column.label).join(t("grid:list_separator")),
      },
      {
        id: "downloads",
        header: t("exports.downloads"),
        width: 110,
        sort: "downloads",
        align: "right",
        cell: (one) => f.number(one.downloads),
      },
      {
        id: "downloaded_at",
        header: t("exports.downloaded_at"),
        width: 160,
        hidden: true,
        cell: (one) => (one.downloaded_at ? f.dateTime(one.downloaded_at) : ""),
      },
    ],
    [t, f],
  );
  const fields = useMemo<FilterField[]>(
    () => [
      { field: "person", label: t("audit.actor"), type: "ref", ops: ["eq"], options: people },
      {
        field: "resource",
        label: t("exports.what"),
        type: "choice",
        ops: ["eq"],
        options: RESOURCES.map((value) => ({ value, label: t(`exports.resource.${value}`) })),
      },
      { field: "rows", label: t("exports.rows"), type: "integer", ops: ["gte", "lte"] },
      { field: "downloads", label: t("exports.downloads"), type: "integer", ops: ["eq", "gte"] },
      { field: "at", label: t("exports.at"), type: "instant", ops: ["gte", "lte"] },
      { field: "id", label: t("exports.id"), type: "text", ops: ["eq"] },
    ],
    [t, people],
  );
  return (
    <Page width="full">
      <PageHeader title={t("section.exports")} description={t("section_hint.exports")} />
      <ListView
        resource="exports"
        label={t("section.exports")}
        columns={columns}
        fields={fields}
        fetch={fetchExports}
        defaultSort="-at"
        counted={false}
        searchable={false}
        onOpen={setOpen}
        name={(one) => one.person.name}
        empty={<EmptyState icon={<IconFileExport size={28} stroke={1.5} />} title={t("exports.none")} />}
      />
      {open && (
        <SidePanel
          opened
          onClose={() => setOpen(undefined)}
          size="lg"
          title={`${open.person.name} · ${t(`exports.resource.${open.resource}`)}`}
        >
          <ExportDetail one={open} />
        </SidePanel>
      )}
    </Page>
  );
}

function ExportDetail({ one }: { one: Export }) {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const chip = useChipText(useConditionFields(one.resource === "orders" ? "orders" : "customers"));
  const separator = t("grid:list_separator");
  const asked = [
    one.q && `“${one.q}”`,
    ...partsOf((one.filter ?? undefined) as Condition | undefined).map(chip),
    one.segment_id && t("exports.segment"),
  ].filter(Boolean);
  const facts: [string, string][] = [
    [t("exports.at"), f.dateTime(one.at)],
    [t("audit.actor"), `${one.person.name} · ${one.unit.name}`],
    [
      t("exports.asked"),
      one.withheld ? t("exports.withheld") : asked.join(separator) || t("exports.everything"),
    ],
    [t("exports.rows"), f.number(one.rows)],
    [t("exports.columns"), one.columns.map((column) => column.label).join(separator)],
    [
      t("exports.downloads"),
      one.downloaded_at
        ? `${f.number(one.downloads)} · ${f.dateTime(one.downloaded_at)}`
        : f.number(one.downloads),
    ],
    [t("exports.id"), one.id],
  ];
  return (
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
  );
}
