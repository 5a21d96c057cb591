import { IconBox, IconCategory } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useMemo } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { useCreating } from "@/app/creating";
import { ImportLink, useExport } from "@/features/imports";
import { AdvancedFilter, useConditionFields } from "@/shared/condition";
import { useFieldSave } from "@/shared/form";
import { useFormat } from "@/shared/format";
import { type FilterField, type GridColumn, ListPage, offered } from "@/shared/grid";
import { Badge, ButtonLink, TextLink } from "@/shared/ui";
import { useProductEdits } from "./edits";
import { fetchProducts, patchProduct, readProduct } from "./queries";
import type { Product } from "./types";

const ProductPanel = lazy(() =>
  import("./ProductPanel").then((module) => ({ default: module.ProductPanel })),
);

export function ProductsPage() {
  const { t } = useTranslation("catalog");
  const client = useQueryClient();
  const mayWrite = useCan("catalog:product:write");
  const creating = useCreating(mayWrite, t("new"));
  const exporting = useExport("products");
  const fields = useConditionFields("products");
  const saver = useFieldSave({
    read: readProduct,
    patch: patchProduct,
    onSaved: (row: Product) => client.setQueryData(keys.one("products", row.id), row),
  });
  const columns = useColumns(saver, mayWrite, fields);
  return (
    <ListPage
      resource="products"
      title={t("title")}
      lead={
        <ButtonLink
          variant="default"
          to="/products/groups"
          leftSection={<IconCategory size={16} stroke={1.6} />}
        >
          {t("groups")}
        </ButtonLink>
      }
      actions={
        mayWrite && (
          <>
            <ImportLink resource="products">{t("import")}</ImportLink>
            {creating.button}
          </>
        )
      }
      columns={columns}
      fields={fields}
      fetch={fetchProducts}
      open={(row) => ({ to: "/products/$id", params: { id: row.id } })}
      name={(row) => row.name}
      views
      tools={<AdvancedFilter fields={fields} />}
      onExport={exporting.onExport}
      empty={{ icon: <IconBox size={28} stroke={1.5} />, title: t("empty"), hint: t("empty_hint") }}
    >
      {saver.dialog}
      <Suspense>
        {creating.opened && <ProductPanel onClose={creating.close} onSaved={creating.close} />}
      </Suspense>
      {exporting.dialog}
    </ListPage>
  );
}

function useColumns(
  saver: Parameters<typeof useProductEdits>[0],
  mayEdit: boolean,
  fields: FilterField[],
): GridColumn<Product>[] {
  const { t } = useTranslation("catalog");
  const f = useFormat();
  const edits = useProductEdits(saver);
  return useMemo(() => {
    const columns: GridColumn<Product>[] = [
      {
        id: "name",
        header: t("field.name"),
        sort: "name_pinyin",
        width: 240,
        phone: "title",
        cell: (row) => (
          <TextLink to="/products/$id" params={{ id: row.id }} fw={600}>
            {row.name}
          </TextLink>
        ),
      },
      {
        id: "code",
        header: t("field.code"),
        sort: "code",
        width: 130,
        phone: "meta",
        cell: (row) => <span className="tabular dim">{row.code}</span>,
      },
      {
        id: "brand",
        header: t("field.brand"),
        width: 140,
        cell: (row) => row.brand?.name,
        edit: edits.brand,
      },
      {
        id: "category",
        header: t("field.category"),
        width: 160,
        phone: "meta",
        cell: (row) => row.category?.name,
        edit: edits.category,
      },
      {
        id: "price",
        header: t("field.price"),
        sort: "price",
        align: "right",
        width: 120,
        phone: "end",
        cell: (row) => row.price && f.money(row.price),
        edit: edits.price,
      },
      {
        id: "cost",
        header: t("field.cost"),
        sort: "cost",
        align: "right",
        width: 120,
        cell: (row) => row.cost && f.money(row.cost),
        edit: edits.cost,
      },
      {
        id: "unit_of_measure",
        header: t("field.unit_of_measure"),
        width: 90,
        cell: (row) => row.unit_of_measure,
        edit: edits.unit_of_measure,
      },
      {
        id: "active",
        header: t("field.active"),
        width: 90,
        cell: (row) => (
          <Badge tt="none" radius="sm" variant="light" color={row.active ? "pine" : "gray"}>
            {t(row.active ? "active" : "inactive")}
          </Badge>
        ),
        edit: edits.active,
      },
      {
        id: "updated_at",
        header: t("field.updated_at"),
        sort: "updated_at",
        width: 120,
        hidden: true,
        cell: (row) => f.ago(row.updated_at),
      },
    ];
    return offered(columns, fields, mayEdit);
  }, [t, f, edits, mayEdit, fields]);
}
