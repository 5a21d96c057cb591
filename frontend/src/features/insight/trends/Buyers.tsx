import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { currentLanguage } from "@/app/i18n";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { ErrorState, SidePanel, Skeleton, Text, TextLink } from "@/shared/ui";
import { shown } from "../pivots/figures";
import { tableQuery } from "../pivots/queries";
import type { Query } from "../pivots/types";
import type { Cell } from "./CohortsPage";

const MOST = 100;

/** The customers behind a cell, those who bought most first. */
export default function Buyers({ cell, onClose }: { cell: Cell; onClose: () => void }) {
  const { t } = useTranslation("trends");
  const f = useFormat();
  const query: Query = {
    fact: "orders",
    rows: [{ field: "customer", top: { n: MOST, measure: 0 } }],
    measures: [{ aggregate: "sum", field: "net" }],
    period: { from: cell.from, to: cell.to },
    filter: cell.filter,
    sort: { measure: 0, descending: true },
  };
  const table = useQuery(tableQuery(query, currentLanguage()));
  const measure = table.data?.measures[0];
  const rows = (table.data?.rows ?? []).map((row, at) => ({
    key: row.keys[0],
    net: table.data?.row_totals[at]?.[0],
  }));
  return (
    <SidePanel opened onClose={onClose} title={cell.title} size="md">
      {table.isError && <ErrorState error={table.error} onRetry={() => void table.refetch()} />}
      {table.isPending && <Skeleton height={200} />}
      {table.data && rows.length === 0 && <Text c="dimmed">{t("none")}</Text>}
      {rows.length > 0 && (
        <SimpleTable
          label={cell.title}
          rows={rows}
          rowKey={(row) => row.key?.value ?? row.key?.label ?? ""}
          columns={[
            {
              id: "customer",
              header: t("cohorts.customer"),
              cell: ({ key }) =>
                key?.value ? (
                  <TextLink to="/customers/$id" params={{ id: key.value }}>
                    {key.label}
                  </TextLink>
                ) : (
                  key?.label
                ),
            },
            {
              id: "net",
              header: measure?.label ?? "",
              align: "right",
              cell: ({ net }) => measure && shown(f, measure, net),
            },
          ]}
        />
      )}
    </SidePanel>
  );
}
