import { IconHeart, IconTruckDelivery } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { useCreating } from "@/app/creating";
import { useExport } from "@/features/imports";
import { AdvancedFilter, useConditionFields } from "@/shared/condition";
import { useFormat } from "@/shared/format";
import { type FilterField, type GridColumn, ListPage, offered } from "@/shared/grid";
import { Button, Panel, TextLink, toast } from "@/shared/ui";
import classes from "./CustomerPage.module.css";
import { fetchWishes, productArrived, type Wish, wishCountsQuery } from "./wishes";

const WishDialog = lazy(() => import("./WishDialog"));

/** What customers want that isn't to be had now: how much of everything, and every wish. */
export function WishesPage() {
  const { t } = useTranslation("wishes");
  const exporting = useExport("wishes");
  const client = useQueryClient();
  const creating = useCreating(useCan("customers:customer:write"), t("new"));
  const fields = useConditionFields("wishes");
  const columns = useColumns(fields);
  return (
    <ListPage
      resource="wishes"
      title={t("list")}
      before={<Wanted />}
      actions={creating.button}
      columns={columns}
      fields={fields}
      fetch={fetchWishes}
      open={(row) => ({ to: "/customers/$id", params: { id: row.customer.id } })}
      name={(row) => row.wanted}
      tools={<AdvancedFilter fields={fields} />}
      onExport={exporting.onExport}
      empty={{ icon: <IconHeart size={28} stroke={1.5} />, title: t("empty"), hint: t("empty_hint") }}
    >
      {exporting.dialog}
      <Suspense>
        {creating.opened && (
          <WishDialog
            onClose={creating.close}
            onSaved={() => {
              creating.close();
              void client.invalidateQueries({ queryKey: keys.of("wishes") });
            }}
          />
        )}
      </Suspense>
    </ListPage>
  );
}

/** Open wishes by what is wanted: advance orders to be; one press says that it is there. */
function Wanted() {
  const { t } = useTranslation("wishes");
  const f = useFormat();
  const client = useQueryClient();
  const mayArrive = useCan("catalog:product:write");
  const counts = useQuery(wishCountsQuery).data ?? [];
  const arrive = useMutation({
    mutationFn: productArrived,
    onSuccess: (done) => {
      toast.done(t("arrived_done", { count: done.wishes }));
      void client.invalidateQueries({ queryKey: keys.of("today") });
      return client.invalidateQueries({ queryKey: keys.of("wishes") });
    },
    onError: toast.problem,
  });
  if (counts.length === 0) return null;
  return (
    <div style={{ marginBottom: "1rem" }}>
      <Panel title={t("wanted_title")} flush>
        <ul className={classes.rows} style={{ maxHeight: "16rem", overflowY: "auto" }}>
          {counts.map((one) => (
            <li key={one.product?.id ?? one.wanted} className={classes.row}>
              <span className={classes.rowWords}>
                {one.product ? (
                  <TextLink to="/products/$id" params={{ id: one.product.id }}>
                    {one.wanted}
                  </TextLink>
                ) : (
                  one.wanted
                )}
                <span className={classes.sub}>
                  {" · "}
                  {t("by_customers", { count: one.customers })}
                  {one.needed_by && ` · ${t("needed_by", { day: f.date(one.needed_by) })}`}
                </span>
              </span>
              <span className={classes.rowEnd}>{t("pieces", { count: one.quantity })}</span>
              {mayArrive && one.product && (
                <Button
                  size="compact-sm"
                  variant="default"
                  leftSection={<IconTruckDelivery size={14} aria-hidden="true" />}
                  loading={arrive.isPending && arrive.variables === one.product.id}
                  aria-label={t("arrived_one", { name: one.wanted })}
                  onClick={() => one.product && arrive.mutate(one.product.id)}
                >
                  {t("arrived")}
                </Button>
              )}
            </li>
          ))}
        </ul>
      </Panel>
    </div>
  );
}

function useColumns(fields: FilterField[]): GridColumn<Wish>[] {
  const { t } = useTranslation("wishes");
  const f = useFormat();
  return useMemo(() => {
    const columns: GridColumn<Wish>[] = [
      {
        id: "wanted",
        header: t("field.wanted"),
        sort: "wanted",
        width: 260,
        phone: "title",
        cell: (row) => [row.wanted, row.option].filter(Boolean).join(" · "),
      },
      {
        id: "customer",
        header: t("field.customer"),
        width: 170,
        phone: "meta",
        cell: (row) => (
          <TextLink to="/customers/$id" params={{ id: row.customer.id }}>
            {row.customer.name}
          </TextLink>
        ),
      },
      {
        id: "status",
        header: t("field.status"),
        sort: "status",
        width: 120,
        phone: "end",
        cell: (row) => t(`status.${row.status}`),
      },
      {
        id: "quantity",
        header: t("field.quantity"),
        width: 90,
        align: "right",
        cell: (row) => f.number(row.quantity),
      },
      {
        id: "needed_by",
        header: t("field.needed_by"),
        sort: "needed_by",
        width: 130,
        cell: (row) => row.needed_by && f.date(row.needed_by),
      },
      {
        id: "created_at",
        header: t("field.created_at"),
        sort: "created_at",
        width: 130,
        cell: (row) => f.date(row.created_at),
      },
    ];
    return offered(columns, fields);
  }, [t, f, fields]);
}
