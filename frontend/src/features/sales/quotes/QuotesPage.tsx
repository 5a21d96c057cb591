import { IconFileText, IconPlus } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { useShortcuts } from "@/app/shortcuts";
import { useExport } from "@/features/imports";
import { AdvancedFilter, useConditionFields } from "@/shared/condition";
import { useFormat } from "@/shared/format";
import { type FilterField, type GridColumn, ListPage, offered } from "@/shared/grid";
import { ButtonLink, TextLink } from "@/shared/ui";
import { QuoteMark } from "../marks";
import type { Quote } from "../types";
import { fetchQuotes, QUOTES } from "./queries";

export function QuotesPage() {
  const { t } = useTranslation("quotes");
  const exporting = useExport("quotes");
  const navigate = useNavigate();
  const mayWrite = useCan("sales:order:write");
  const fields = useConditionFields(QUOTES);
  const columns = useColumns(fields);
  useShortcuts({ n: () => mayWrite && void navigate({ to: "/quotes/new" }) });
  return (
    <ListPage
      resource={QUOTES}
      title={t("title")}
      actions={
        mayWrite && (
          <ButtonLink to="/quotes/new" leftSection={<IconPlus size={16} />}>
            {t("new")}
          </ButtonLink>
        )
      }
      columns={columns}
      fields={fields}
      fetch={fetchQuotes}
      defaultSort="-quoted_on"
      open={(row) => ({ to: "/quotes/$id", params: { id: row.id } })}
      name={(row) => row.code}
      views
      tools={<AdvancedFilter fields={fields} />}
      onExport={exporting.onExport}
      empty={{ icon: <IconFileText size={28} stroke={1.5} />, title: t("empty"), hint: t("empty_hint") }}
    >
      {exporting.dialog}
    </ListPage>
  );
}

function useColumns(fields: FilterField[]): GridColumn<Quote>[] {
  const { t } = useTranslation("quotes");
  const f = useFormat();
  return useMemo(() => {
    const columns: GridColumn<Quote>[] = [
      {
        id: "code",
        header: t("field.code"),
        sort: "code",
        width: 210,
        phone: "meta",
        cell: (row) => (
          <TextLink to="/quotes/$id" params={{ id: row.id }} fw={600} className="tabular">
            {row.versions.length > 1 ? t("version_title", row) : row.code}
          </TextLink>
        ),
      },
      {
        id: "customer",
        header: t("field.customer"),
        width: 180,
        phone: "title",
        cell: (row) =>
          row.customer.name && (
            <TextLink to="/customers/$id" params={{ id: row.customer.id }}>
              {row.customer.name}
            </TextLink>
          ),
      },
      {
        id: "status",
        header: t("field.status"),
        width: 120,
        phone: "end",
        cell: (row) => <QuoteMark status={row.status} />,
      },
      {
        id: "quoted_on",
        header: t("field.quoted_on"),
        sort: "quoted_on",
        width: 120,
        phone: "meta",
        cell: (row) => f.date(row.quoted_on),
      },
      {
        id: "valid_until",
        header: t("field.valid_until"),
        sort: "valid_until",
        width: 120,
        cell: (row) => f.date(row.valid_until),
      },
      {
        id: "net",
        header: t("field.net"),
        hint: t("net_hint"),
        sort: "net",
        align: "right",
        width: 130,
        phone: "end",
        cell: (row) => f.money(row.net),
      },
      {
        id: "opportunity",
        header: t("field.opportunity"),
        width: 200,
        cell: (row) =>
          row.opportunity?.name && (
            <TextLink to="/sales/$id" params={{ id: row.opportunity.id }}>
              {row.opportunity.name}
            </TextLink>
          ),
      },
      { id: "owner", header: t("field.owner"), width: 110, cell: (row) => row.owner?.name },
      {
        id: "order",
        header: t("field.order"),
        width: 140,
        cell: (row) =>
          row.order && (
            <TextLink to="/orders/$id" params={{ id: row.order.id }} className="tabular">
              {row.order.name}
            </TextLink>
          ),
      },
      { id: "unit", header: t("field.unit"), width: 130, hidden: true, cell: (row) => row.unit.name },
    ];
    return offered(columns, fields);
  }, [t, f, fields]);
}
