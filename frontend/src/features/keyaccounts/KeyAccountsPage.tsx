import { IconCrown } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useExport } from "@/features/imports";
import { useFormat } from "@/shared/format";
import { type GridColumn, ListPage } from "@/shared/grid";
import { TextLink } from "@/shared/ui";
import { fetchKeyAccounts, KEY_ACCOUNTS, type KeyAccount } from "./queries";

/** Every key account within sight: who looks after it, how close it is, and what is due. */
export function KeyAccountsPage() {
  const { t } = useTranslation("keyaccounts");
  const exporting = useExport("key-accounts");
  const columns = useColumns();
  return (
    <ListPage
      resource={KEY_ACCOUNTS}
      title={t("title")}
      columns={columns}
      fetch={fetchKeyAccounts}
      open={(row) => ({ to: "/key-accounts/$id", params: { id: row.id } })}
      name={(row) => row.customer.name}
      onExport={exporting.onExport}
      empty={{ icon: <IconCrown size={28} stroke={1.5} />, title: t("empty"), hint: t("empty_hint") }}
    >
      {exporting.dialog}
    </ListPage>
  );
}

function useColumns(): GridColumn<KeyAccount>[] {
  const { t } = useTranslation("keyaccounts");
  const f = useFormat();
  return useMemo(
    () => [
      {
        id: "name",
        header: t("field.customer"),
        sort: "name",
        width: 240,
        phone: "title",
        cell: (row) => (
          <TextLink to="/key-accounts/$id" params={{ id: row.id }}>
            {row.customer.name}
          </TextLink>
        ),
      },
      {
        id: "manager",
        header: t("field.manager"),
        width: 130,
        phone: "meta",
        cell: (row) => row.manager?.name,
      },
      {
        id: "level",
        header: t("field.level"),
        sort: "level",
        width: 150,
        phone: "end",
        cell: (row) => row.level && t(`level.${row.level}`),
      },
      {
        id: "advice",
        header: t("field.advised"),
        width: 150,
        cell: (row) => row.advice?.level && t(`level.${row.advice.level}`),
      },
      {
        id: "goals",
        header: t("field.goals"),
        width: 110,
        align: "right",
        cell: (row) => f.number(row.goals.filter((goal) => goal.status === "open").length),
      },
      {
        id: "due",
        header: t("field.due"),
        width: 120,
        align: "right",
        cell: (row) => f.number(row.touchpoints_due),
      },
      {
        id: "gaps",
        header: t("field.gaps"),
        width: 90,
        align: "right",
        cell: (row) => f.number(row.gaps),
      },
      {
        id: "review_on",
        header: t("field.review_on"),
        sort: "review_on",
        width: 140,
        cell: (row) => row.review_on && f.date(row.review_on),
      },
      {
        id: "unit",
        header: t("field.unit"),
        width: 140,
        cell: (row) => row.unit.name,
      },
    ],
    [t, f],
  );
}
