import { useInfiniteQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Button, ErrorState, SidePanel, Skeleton, Text, TextLink } from "@/shared/ui";
import { type At, recordsQuery } from "./queries";
import type { Query } from "./types";

/** The orders behind a figure. */
export default function Records({ query, at, onClose }: { query: Query; at: At; onClose: () => void }) {
  const { t } = useTranslation("pivots");
  const f = useFormat();
  const records = useInfiniteQuery(recordsQuery(query, at));
  const orders = records.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <SidePanel opened onClose={onClose} title={t("records")} size="lg">
      {records.isError && <ErrorState error={records.error} onRetry={() => void records.refetch()} />}
      {records.isPending && <Skeleton height={200} />}
      {records.data && orders.length === 0 && <Text c="dimmed">{t("records_none")}</Text>}
      {orders.length > 0 && (
        <SimpleTable
          label={t("records")}
          rows={orders}
          rowKey={(order) => order.id}
          columns={[
            {
              id: "code",
              header: t("order.code"),
              cell: (order) => (
                <TextLink to="/orders/$id" params={{ id: order.id }}>
                  {order.code}
                </TextLink>
              ),
            },
            { id: "on", header: t("order.on"), cell: (order) => f.date(order.ordered_on) },
            { id: "customer", header: t("order.customer"), cell: (order) => order.customer.name, wide: true },
            { id: "net", header: t("order.net"), align: "right", cell: (order) => f.money(order.net) },
          ]}
        />
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
