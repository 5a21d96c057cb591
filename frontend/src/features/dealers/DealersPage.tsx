import { IconBuildingStore } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useDictionary } from "@/features/customers";
import { useExport } from "@/features/imports";
import { useFormat } from "@/shared/format";
import { type GridColumn, ListPage } from "@/shared/grid";
import { TextLink } from "@/shared/ui";
import { DEALERS, type Dealer, fetchDealers } from "./queries";

/** Every organisation that sells on: where, with whom, and how much of what they buy is ours. */
export function DealersPage() {
  const { t } = useTranslation("dealers");
  const exporting = useExport("dealers");
  const columns = useColumns();
  return (
    <ListPage
      resource={DEALERS}
      title={t("title")}
      columns={columns}
      fetch={fetchDealers}
      open={(row) => ({ to: "/dealers/$id", params: { id: row.id } })}
      name={(row) => row.customer.name}
      onExport={exporting.onExport}
      empty={{ icon: <IconBuildingStore size={28} stroke={1.5} />, title: t("empty"), hint: t("empty_hint") }}
    >
      {exporting.dialog}
    </ListPage>
  );
}

function useColumns(): GridColumn<Dealer>[] {
  const { t } = useTranslation("dealers");
  const f = useFormat();
  const kinds = useDictionary("dealer_kind");
  return useMemo(
    () => [
      {
        id: "name",
        header: t("field.name"),
        sort: "name",
        width: 240,
        phone: "title",
        cell: (row) => (
          <TextLink to="/dealers/$id" params={{ id: row.id }}>
            {row.customer.name}
          </TextLink>
        ),
      },
      {
        id: "kind",
        header: t("field.kind"),
        sort: "kind",
        width: 120,
        phone: "end",
        cell: (row) => kinds.word(row.kind),
      },
      {
        id: "territory",
        header: t("field.territory"),
        sort: "territory",
        width: 160,
        phone: "meta",
        cell: (row) => row.territory,
      },
      {
        id: "clerks",
        header: t("field.clerks"),
        width: 100,
        align: "right",
        cell: (row) => f.number(row.clerks.length),
      },
      {
        id: "trained",
        header: t("field.trained"),
        width: 110,
        align: "right",
        cell: (row) => f.number(row.clerks_trained),
      },
      {
        id: "wallet_share",
        header: t("field.wallet_share"),
        sort: "-wallet_share",
        width: 120,
        align: "right",
        cell: (row) => typeof row.wallet_share === "number" && f.percent(row.wallet_share),
      },
      { id: "owner", header: t("field.owner"), width: 130, cell: (row) => row.owner?.name },
      {
        id: "since",
        header: t("field.since"),
        sort: "since",
        width: 130,
        cell: (row) => row.since && f.date(row.since),
      },
      {
        id: "ended_on",
        header: t("field.ended_on"),
        sort: "ended_on",
        width: 130,
        cell: (row) => row.ended_on && f.date(row.ended_on),
      },
    ],
    [t, f, kinds],
  );
}
