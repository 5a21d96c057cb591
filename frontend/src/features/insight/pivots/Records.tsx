import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { currentLanguage } from "@/app/i18n";
import { useFormat } from "@/shared/format";
import { type Column, SimpleTable } from "@/shared/grid";
import { Button, ErrorState, SidePanel, Skeleton, Text, TextLink } from "@/shared/ui";
import { type At, factsQuery, recordsQuery } from "./queries";
import type { PivotRecord, Query } from "./types";

interface Props {
  query: Query;
  at: At;
  onClose: () => void;
}

/** The records behind a figure: orders, activities, whatever the facts are. */
export default function Records({ query, at, onClose }: Props) {
  const { t } = useTranslation("pivots");
  const f = useFormat();
  const records = useInfiniteQuery(recordsQuery(query, at));
  const facts = useQuery(factsQuery(currentLanguage()));
  const fact = facts.data?.items.find((one) => one.fact === query.fact)?.label ?? "";
  const rows = records.data?.pages.flatMap((page) => page.items) ?? [];
  const columns: Column<PivotRecord>[] = [
    { id: "title", header: t("record.title"), cell: (one) => <Opened record={one} /> },
    { id: "on", header: t("record.on"), cell: (one) => one.on && f.date(one.on) },
    { id: "customer", header: t("record.customer"), cell: (one) => one.customer?.name, wide: true },
    { id: "state", header: t("record.state"), cell: (one) => one.state, wide: true },
    { id: "person", header: t("record.person"), cell: (one) => one.person?.name, wide: true },
  ];
  if (rows.some((one) => one.amount)) {
    columns.push({
      id: "amount",
      header: t("record.amount"),
      align: "right",
      cell: (one) => one.amount && f.money(one.amount),
    });
  }
  return (
    <SidePanel opened onClose={onClose} title={t("records", { fact })} size="lg">
      {records.isError && <ErrorState error={records.error} onRetry={() => void records.refetch()} />}
      {records.isPending && <Skeleton height={200} />}
      {records.data && rows.length === 0 && <Text c="dimmed">{t("records_none")}</Text>}
      {rows.length > 0 && (
        <SimpleTable label={t("records", { fact })} rows={rows} rowKey={(one) => one.id} columns={columns} />
      )}
      {records.hasNextPage && (
        <Button
          variant="default"
          mt="sm"
          loading={records.isFetchingNextPage}
          onClick={() => void records.fetchNextPage()}
        >
          {t("records_more")}
        </Button>
      )}
    </SidePanel>
  );
}

/** What a record is called, leading to it: to its customer where it stands on the customer's page. */
function Opened({ record }: { record: PivotRecord }) {
  if (record.kind === "order") {
    return (
      <TextLink to="/orders/$id" params={{ id: record.id }}>
        {record.title}
      </TextLink>
    );
  }
  if (record.kind === "opportunity") {
    return (
      <TextLink to="/sales/$id" params={{ id: record.id }}>
        {record.title}
      </TextLink>
    );
  }
  if (record.kind === "task") {
    return (
      <TextLink to="/tasks" search={{ q: record.title }}>
        {record.title}
      </TextLink>
    );
  }
  if (record.kind === "sellout_cell") {
    return (
      <TextLink to="/sheets" search={{ period: record.period ?? undefined }}>
        {record.title}
      </TextLink>
    );
  }
  return record.customer ? (
    <TextLink to="/customers/$id" params={{ id: record.customer.id }}>
      {record.title}
    </TextLink>
  ) : (
    record.title
  );
}
