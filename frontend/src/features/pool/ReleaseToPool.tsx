import { IconDropletDown } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Schema, useCan, useMe } from "@/api";
import { Button } from "@/shared/ui";
import { poolsQuery } from "./queries";

const ReleaseDialog = lazy(() => import("./ReleaseDialog"));

/** Gives a customer up to the unit's pool: for the owner, and for who keeps the pool. */
export function ReleaseToPool({ customer }: { customer: Schema<"CustomerView"> }) {
  const { t } = useTranslation("pool");
  const me = useMe();
  const may = useCan("customers:pool:claim");
  const pools = useQuery({ ...poolsQuery, enabled: may && Boolean(customer.owner) }).data ?? [];
  const [giving, setGiving] = useState(false);
  const pool = pools.find((one) => one.active && one.unit.id === customer.unit.id);
  if (!pool || !customer.owner || !(pool.editable || customer.owner.id === me.id)) return null;
  return (
    <>
      <Button
        variant="default"
        leftSection={<IconDropletDown size={16} stroke={1.6} />}
        onClick={() => setGiving(true)}
      >
        {t("release")}
      </Button>
      <Suspense>
        {giving && <ReleaseDialog customer={customer} pool={pool} onClose={() => setGiving(false)} />}
      </Suspense>
    </>
  );
}
