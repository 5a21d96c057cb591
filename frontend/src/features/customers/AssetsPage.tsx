import { IconDeviceLaptop, IconShieldCheck } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { useCreating } from "@/app/creating";
import { ImportLink, useExport } from "@/features/imports";
import { AdvancedFilter, useConditionFields } from "@/shared/condition";
import { useFormat } from "@/shared/format";
import { type FilterField, type GridColumn, ListPage, offered } from "@/shared/grid";
import { Badge, TextLink } from "@/shared/ui";
import { type Asset, fetchAssets } from "./assets";

const AssetDialog = lazy(() => import("./AssetDialog"));

/** Everything customers own, found by serial number, name or customer. */
export function AssetsPage() {
  const { t } = useTranslation("assets");
  const client = useQueryClient();
  const creating = useCreating(useCan("customers:customer:write"), t("new"));
  const exporting = useExport("assets");
  const fields = useConditionFields("assets");
  const columns = useColumns(fields);
  return (
    <ListPage
      resource="assets"
      title={t("list")}
      lead={<ImportLink resource="assets">{t("import")}</ImportLink>}
      actions={creating.button}
      onExport={exporting.onExport}
      columns={columns}
      fields={fields}
      fetch={fetchAssets}
      open={(row) => ({ to: "/customers/$id", params: { id: row.customer.id } })}
      name={(row) => row.name}
      tools={<AdvancedFilter fields={fields} />}
      empty={{
        icon: <IconDeviceLaptop size={28} stroke={1.5} />,
        title: t("empty"),
        hint: t("empty_hint"),
      }}
    >
      <Suspense>
        {creating.opened && (
          <AssetDialog
            onClose={creating.close}
            onSaved={() => {
              creating.close();
              void client.invalidateQueries({ queryKey: keys.of("assets") });
            }}
          />
        )}
      </Suspense>
      {exporting.dialog}
    </ListPage>
  );
}

function useColumns(fields: FilterField[]): GridColumn<Asset>[] {
  const { t } = useTranslation("assets");
  const f = useFormat();
  return useMemo(() => {
    const columns: GridColumn<Asset>[] = [
      {
        id: "name",
        header: t("field.name"),
        sort: "name",
        width: 220,
        phone: "title",
        cell: (row) =>
          row.product ? (
            <TextLink to="/products/$id" params={{ id: row.product.id }} fw={600}>
              {row.name}
            </TextLink>
          ) : (
            row.name
          ),
      },
      {
        id: "serial",
        header: t("field.serial"),
        sort: "serial",
        width: 170,
        phone: "meta",
        cell: (row) => <span className="tabular">{row.serial}</span>,
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
        width: 110,
        cell: (row) => t(`status.${row.status}`),
      },
      {
        id: "bought_on",
        header: t("field.bought_on"),
        sort: "bought_on",
        width: 130,
        cell: (row) => row.bought_on && f.date(row.bought_on),
      },
      { id: "bought_at", header: t("field.bought_at"), width: 150, cell: (row) => row.bought_at },
      {
        id: "warranty_end",
        header: t("field.warranty_end"),
        sort: "warranty_end",
        width: 190,
        phone: "end",
        cell: (row) =>
          row.warranty_end && (
            <>
              {f.date(row.warranty_end)}{" "}
              {row.in_warranty && (
                <Badge
                  size="sm"
                  variant="light"
                  leftSection={<IconShieldCheck size={12} aria-hidden="true" />}
                >
                  {t("covered")}
                </Badge>
              )}
            </>
          ),
      },
    ];
    return offered(columns, fields);
  }, [t, f, fields]);
}
