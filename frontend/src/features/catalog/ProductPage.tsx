import { IconPencil, IconUsers } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { type Condition, keys, useCan } from "@/api";
import { CustomFacts, fetchCustomers } from "@/features/customers";
import { Facts, InlineField, useFieldSave } from "@/shared/form";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import {
  Button,
  ConfirmDelete,
  DeleteButton,
  EmptyState,
  Page,
  PageHeader,
  Panel,
  SimpleGrid,
  TextLink,
  Waiting,
} from "@/shared/ui";
import { type Editable, useProductEdits } from "./edits";
import { patchProduct, productQuery, readProduct, removeProduct } from "./queries";
import type { Product } from "./types";

const ProductPanel = lazy(() =>
  import("./ProductPanel").then((module) => ({ default: module.ProductPanel })),
);
const BUYERS = 20;

export function ProductPage() {
  const { id } = useParams({ from: "/_app/products/$id" });
  const product = useQuery(productQuery(id));
  if (product.data) return <Shown product={product.data} />;
  return (
    <Page width="regular">
      <Waiting query={product} />
    </Page>
  );
}

function Shown({ product }: { product: Product }) {
  const { t } = useTranslation("catalog");
  const f = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const mayWrite = useCan("catalog:product:write");
  const [doing, setDoing] = useState<"edit" | "delete">();
  const put = (row: Product) => {
    client.setQueryData(productQuery(row.id).queryKey, row);
    void client.invalidateQueries({ queryKey: keys.list("products") });
  };
  const saver = useFieldSave({ read: readProduct, patch: patchProduct, onSaved: put });
  const edits = useProductEdits(saver);
  const fact = (key: Editable, value: React.ReactNode) => (
    <InlineField label={t(`field.${key}`)} row={product} edit={mayWrite ? edits[key] : undefined}>
      {value}
    </InlineField>
  );
  return (
    <Page width="regular">
      <PageHeader
        title={product.name}
        eyebrow={
          <>
            <TextLink to="/products">{t("title")}</TextLink> · <span className="tabular">{product.code}</span>
          </>
        }
        actions={
          mayWrite && (
            <>
              <DeleteButton onClick={() => setDoing("delete")} />
              <Button leftSection={<IconPencil size={16} />} onClick={() => setDoing("edit")}>
                {t("common:action.edit")}
              </Button>
            </>
          )
        }
      />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Panel title={t("facts")}>
          <Facts>
            {fact("name", product.name)}
            {fact("code", product.code)}
            {fact("brand", product.brand?.name)}
            {fact("category", product.category?.name)}
            {fact("price", product.price && f.money(product.price))}
            {fact("cost", product.cost && f.money(product.cost))}
            {fact("unit_of_measure", product.unit_of_measure)}
            {fact("active", t(product.active ? "active" : "inactive"))}
            <CustomFacts resource="product" row={product} saver={mayWrite ? saver : undefined} />
            {fact("consumable", t(product.consumable ? "consumable_yes" : "consumable_no"))}
          </Facts>
        </Panel>
        <Buyers product={product} />
      </SimpleGrid>
      {saver.dialog}
      <Suspense>
        {doing === "edit" && (
          <ProductPanel
            product={product}
            onClose={() => setDoing(undefined)}
            onSaved={(row) => {
              put(row);
              setDoing(undefined);
            }}
          />
        )}
      </Suspense>
      <ConfirmDelete
        opened={doing === "delete"}
        onClose={() => setDoing(undefined)}
        title={t("delete_title", { name: product.name })}
        onConfirm={async () => {
          await removeProduct(product);
          await navigate({ to: "/products" });
          await client.invalidateQueries({ queryKey: keys.of("products") });
        }}
      >
        {t("delete_hint")}
      </ConfirmDelete>
    </Page>
  );
}

/** Who bought it, latest first: the way from goods to people. */
function Buyers({ product }: { product: Product }) {
  const { t } = useTranslation("catalog");
  const f = useFormat();
  const filter: Condition = { field: "orders.product", op: "bought", value: { ids: [product.id] } };
  const query = { filter: JSON.stringify(filter), sort: "-metrics.last_order_on", limit: BUYERS };
  const buyers = useQuery({
    queryKey: keys.list("customers", query),
    queryFn: ({ signal }) => fetchCustomers(query, signal),
  });
  const rows = buyers.data?.items ?? [];
  return (
    <Panel
      title={t("buyers")}
      flush
      aside={
        rows.length > 0 && (
          <TextLink to="/customers" search={{ filter }} size="sm">
            {t("all_buyers")}
          </TextLink>
        )
      }
    >
      <Waiting query={buyers} rows={4} />
      {buyers.data && rows.length === 0 && (
        <EmptyState icon={<IconUsers size={28} stroke={1.5} />} title={t("no_buyers")} />
      )}
      {rows.length > 0 && (
        <SimpleTable
          label={t("buyers")}
          rows={rows}
          rowKey={(row) => row.id}
          columns={[
            {
              id: "name",
              header: t("buyer"),
              cell: (row) => (
                <TextLink to="/customers/$id" params={{ id: row.id }}>
                  {row.name}
                </TextLink>
              ),
            },
            {
              id: "last",
              header: t("last_order"),
              cell: (row) => f.date(row.metrics?.last_order_on),
            },
            { id: "net", header: t("net"), align: "right", cell: (row) => f.money(row.metrics?.net) },
          ]}
        />
      )}
    </Panel>
  );
}
