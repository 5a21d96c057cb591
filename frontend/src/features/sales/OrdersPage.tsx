import { IconPlus, IconReceipt } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { useShortcuts } from "@/app/shortcuts";
import { useDictionary } from "@/features/customers";
import { ImportLink, useExport } from "@/features/imports";
import { AdvancedFilter, useConditionFields } from "@/shared/condition";
import { useFormat } from "@/shared/format";
import { type FilterField, type GridColumn, ListPage, offered } from "@/shared/grid";
import { ButtonLink, TextLink } from "@/shared/ui";
import { LateLink } from "./LateLink";
import { LateMark, PartMark, StatusMark } from "./marks";
import { fetchOrders } from "./queries";
import type { Order } from "./types";

export function OrdersPage() {
  const { t } = useTranslation("sales");
  const navigate = useNavigate();
  const mayWrite = useCan("sales:order:write");
  const exporting = useExport("orders");
  const fields = useConditionFields("orders");
  const columns = useColumns(fields);
  useShortcuts({ n: () => mayWrite && void navigate({ to: "/orders/new" }) });
  return (
    <ListPage
      resource="orders"
      title={t("title")}
      lead={<LateLink />}
      actions={
        mayWrite && (
          <>
            <ImportLink resource="orders">{t("import")}</ImportLink>
            <ButtonLink to="/orders/new" leftSection={<IconPlus size={16} />}>
              {t("new")}
            </ButtonLink>
          </>
        )
      }
      columns={columns}
      fields={fields}
      fetch={fetchOrders}
      defaultSort="-ordered_on"
      open={(row) => ({ to: "/orders/$id", params: { id: row.id } })}
      name={(row) => row.code}
      views
      tools={<AdvancedFilter fields={fields} />}
      onExport={exporting.onExport}
      empty={{ icon: <IconReceipt size={28} stroke={1.5} />, title: t("empty"), hint: t("empty_hint") }}
    >
      {exporting.dialog}
    </ListPage>
  );
}

function useColumns(fields: FilterField[]): GridColumn<Order>[] {
  const { t } = useTranslation("sales");
  const f = useFormat();
  const channel = useDictionary("channel");
  return useMemo(() => {
    const money = (id: "gross" | "discount" | "net" | "returned" | "paid" | "balance", hidden = false) =>
      ({
        id,
        header: t(`field.${id}`),
        hint: t(`hint.${id}`),
        sort: id,
        align: "right",
        width: 130,
        hidden,
        phone: id === "net" ? "end" : undefined,
        cell: (row) => f.money(row[id]),
      }) satisfies GridColumn<Order>;
    const columns: GridColumn<Order>[] = [
      {
        id: "code",
        header: t("field.code"),
        sort: "code",
        width: 150,
        phone: "meta",
        cell: (row) => (
          <TextLink to="/orders/$id" params={{ id: row.id }} fw={600} className="tabular">
            {row.code}
          </TextLink>
        ),
      },
      {
        id: "customer",
        header: t("field.customer"),
        width: 170,
        phone: "title",
        cell: (row) =>
          row.customer.name && (
            <TextLink to="/customers/$id" params={{ id: row.customer.id }}>
              {row.customer.name}
            </TextLink>
          ),
      },
      {
        id: "ordered_on",
        header: t("field.ordered_on"),
        sort: "ordered_on",
        width: 120,
        phone: "meta",
        cell: (row) => f.date(row.ordered_on),
      },
      {
        id: "status",
        header: t("field.status"),
        sort: "status",
        width: 150,
        phone: "end",
        cell: (row) => (
          <>
            <StatusMark status={row.status} /> {row.delivery === "part" && <PartMark />}{" "}
            {row.late && <LateMark />}
          </>
        ),
      },
      {
        id: "lines",
        header: t("field.lines"),
        width: 260,
        cell: (row) => <span title={lineWords(row, f.language)}>{lineWords(row, f.language)}</span>,
      },
      money("net"),
      money("balance"),
      {
        id: "delivery",
        header: t("field.delivery"),
        width: 120,
        hidden: true,
        cell: (row) => row.delivery && t(`delivery.${row.delivery}`),
      },
      { id: "channel", header: t("field.channel"), width: 110, cell: (row) => channel.word(row.channel) },
      { id: "owner", header: t("field.owner"), width: 110, cell: (row) => row.owner?.name },
      money("gross", true),
      money("discount", true),
      money("paid", true),
      money("returned", true),
      { id: "unit", header: t("field.unit"), width: 130, hidden: true, cell: (row) => row.unit.name },
      {
        id: "created_at",
        header: t("field.created_at"),
        sort: "created_at",
        width: 130,
        hidden: true,
        cell: (row) => f.dateTime(row.created_at),
      },
    ];
    return offered(columns, fields);
  }, [t, f, channel, fields]);
}

/** What was bought, in one line. */
function lineWords(order: Order, language: string): string {
  const names = order.lines.map((line) => line.name);
  return names.join(language === "en" ? ", " : "、");
}
