import { IconClockExclamation, IconFileInvoice } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Condition } from "@/api";
import { useExport } from "@/features/imports";
import { AdvancedFilter, useConditionFields } from "@/shared/condition";
import { useFormat } from "@/shared/format";
import { type FilterField, type GridColumn, ListPage, offered } from "@/shared/grid";
import { ButtonLink, TextLink } from "@/shared/ui";
import type { Bill } from "../types";
import { BillMark } from "./BillMark";
import { BILLS, fetchBills } from "./queries";

const OVERDUE: Condition = { field: "overdue", op: "eq", value: true };

export function BillsPage() {
  const { t } = useTranslation("bills");
  const exporting = useExport("bills");
  const fields = useConditionFields(BILLS);
  const columns = useColumns(fields);
  return (
    <ListPage
      resource={BILLS}
      title={t("title")}
      lead={
        <ButtonLink
          to="/bills"
          search={{ filter: OVERDUE }}
          variant="subtle"
          leftSection={<IconClockExclamation size={16} />}
        >
          {t("status.overdue")}
        </ButtonLink>
      }
      columns={columns}
      fields={fields}
      fetch={fetchBills}
      defaultSort="-billed_on"
      open={(row) => ({ to: "/orders/$id", params: { id: row.order.id } })}
      name={(row) => row.code}
      tools={<AdvancedFilter fields={fields} />}
      onExport={exporting.onExport}
      empty={{ icon: <IconFileInvoice size={28} stroke={1.5} />, title: t("empty"), hint: t("empty_hint") }}
    >
      {exporting.dialog}
    </ListPage>
  );
}

function useColumns(fields: FilterField[]): GridColumn<Bill>[] {
  const { t } = useTranslation("bills");
  const f = useFormat();
  return useMemo(() => {
    const money = (id: "amount" | "paid" | "balance", phone?: "end") =>
      ({
        id,
        header: t(`field.${id}`),
        hint: t(`hint.${id}`),
        sort: id,
        align: "right",
        width: 130,
        phone,
        cell: (row) => f.money(row[id]),
      }) satisfies GridColumn<Bill>;
    const day = (id: "billed_on" | "due_on", phone?: "meta") =>
      ({
        id,
        header: t(`field.${id}`),
        sort: id,
        width: 120,
        phone,
        cell: (row) => f.date(row[id]),
      }) satisfies GridColumn<Bill>;
    const columns: GridColumn<Bill>[] = [
      {
        id: "code",
        header: t("field.code"),
        sort: "code",
        width: 150,
        phone: "meta",
        cell: (row) => (
          <TextLink to="/orders/$id" params={{ id: row.order.id }} fw={600} className="tabular">
            {row.code}
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
        cell: (row) => <BillMark status={row.status} />,
      },
      day("billed_on"),
      day("due_on", "meta"),
      money("amount", "end"),
      money("paid"),
      money("balance"),
      {
        id: "order",
        header: t("field.order"),
        width: 150,
        cell: (row) => (
          <TextLink to="/orders/$id" params={{ id: row.order.id }} className="tabular">
            {row.order.name}
          </TextLink>
        ),
      },
      { id: "owner", header: t("field.owner"), width: 110, cell: (row) => row.owner?.name },
    ];
    return offered(columns, fields);
  }, [t, f, fields]);
}
