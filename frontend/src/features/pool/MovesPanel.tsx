import { IconHistory } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { EmptyState, SidePanel, Waiting } from "@/shared/ui";
import { movesQuery, type Pool, type PoolMove } from "./queries";

/** Every move into the pool and out of it, the latest first. */
export default function MovesPanel({ pool, onClose }: { pool: Pool; onClose: () => void }) {
  const { t } = useTranslation("pool");
  const f = useFormat();
  const moves = useQuery(movesQuery(pool.id));
  const who = (one: PoolMove) => {
    const way = [one.from?.name, one.to?.name].map((name) => name ?? pool.name).join(" → ");
    return one.note ? `${way} · ${one.note}` : way;
  };
  return (
    <SidePanel opened onClose={onClose} title={t("moves_title")} size="lg">
      <Waiting query={moves} rows={8} />
      {moves.data?.length === 0 && (
        <EmptyState icon={<IconHistory size={28} stroke={1.5} />} title={t("moves_none")} />
      )}
      {moves.data && moves.data.length > 0 && (
        <SimpleTable
          label={t("moves_title")}
          rows={moves.data}
          rowKey={(one) => one.id}
          columns={[
            { id: "at", header: t("when"), cell: (one) => f.dateTime(one.at) },
            { id: "customer", header: t("customer"), cell: (one) => one.customer.name },
            { id: "kind", header: t("move"), cell: (one) => t(`kind.${one.kind}`) },
            { id: "who", header: t("who"), cell: who, wide: true },
            { id: "by", header: t("by"), cell: (one) => one.by?.name ?? t("by_itself"), wide: true },
          ]}
        />
      )}
    </SidePanel>
  );
}
