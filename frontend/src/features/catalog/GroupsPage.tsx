import { IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { SimpleTable } from "@/shared/grid";
import {
  Anchor,
  Button,
  EmptyState,
  Page,
  PageHeader,
  Panel,
  SimpleGrid,
  TextLink,
  Waiting,
} from "@/shared/ui";
import { brandsQuery, categoriesQuery } from "./queries";
import type { Brand, Category } from "./types";

const BrandDialog = lazy(() => import("./GroupDialogs").then((module) => ({ default: module.BrandDialog })));
const CategoryDialog = lazy(() =>
  import("./GroupDialogs").then((module) => ({ default: module.CategoryDialog })),
);

/** How products are grouped: brands, and a tree of categories. */
export function GroupsPage() {
  const { t } = useTranslation("catalog");
  return (
    <Page width="regular">
      <PageHeader
        title={t("groups")}
        eyebrow={<TextLink to="/products">{t("title")}</TextLink>}
        description={t("groups_hint")}
      />
      <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
        <Categories />
        <Brands />
      </SimpleGrid>
    </Page>
  );
}

function AddButton({ label, onClick }: { label: string; onClick: () => void }) {
  return (
    <Button size="compact-sm" variant="subtle" leftSection={<IconPlus size={14} />} onClick={onClick}>
      {label}
    </Button>
  );
}

function Brands() {
  const { t } = useTranslation("catalog");
  const may = useCan("catalog:product:write");
  const brands = useQuery(brandsQuery);
  const [open, setOpen] = useState<{ brand?: Brand }>();
  const add = may && <AddButton label={t("add_brand")} onClick={() => setOpen({})} />;
  return (
    <Panel title={t("brands")} aside={add} flush>
      <Waiting query={brands} rows={4} />
      {brands.data?.length === 0 && <EmptyState title={t("no_brands")} actions={add} />}
      {brands.data && brands.data.length > 0 && (
        <SimpleTable
          label={t("brands")}
          rows={brands.data}
          rowKey={(brand) => brand.id}
          columns={[
            {
              id: "name",
              header: t("field.name"),
              cell: (brand) =>
                may ? (
                  <Anchor component="button" type="button" onClick={() => setOpen({ brand })}>
                    {brand.name}
                  </Anchor>
                ) : (
                  brand.name
                ),
            },
            {
              id: "active",
              header: t("field.active"),
              align: "right",
              cell: (brand) => t(brand.active ? "active" : "inactive"),
            },
          ]}
        />
      )}
      <Suspense>{open && <BrandDialog brand={open.brand} onClose={() => setOpen(undefined)} />}</Suspense>
    </Panel>
  );
}

function Categories() {
  const { t } = useTranslation("catalog");
  const may = useCan("catalog:product:write");
  const categories = useQuery(categoriesQuery);
  const [open, setOpen] = useState<{ category?: Category }>();
  const add = may && <AddButton label={t("add_category")} onClick={() => setOpen({})} />;
  const rows = treeOrder(categories.data ?? []);
  return (
    <Panel title={t("categories")} aside={add} flush>
      <Waiting query={categories} rows={4} />
      {categories.data?.length === 0 && <EmptyState title={t("no_categories")} actions={add} />}
      {rows.length > 0 && (
        <SimpleTable
          label={t("categories")}
          rows={rows}
          rowKey={(category) => category.id}
          columns={[
            {
              id: "name",
              header: t("field.name"),
              cell: (category) => (
                <span style={{ paddingLeft: `${(category.path.length - 1) * 1.25}rem` }}>
                  {may ? (
                    <Anchor component="button" type="button" onClick={() => setOpen({ category })}>
                      {category.name}
                    </Anchor>
                  ) : (
                    category.name
                  )}
                </span>
              ),
            },
          ]}
        />
      )}
      <Suspense>
        {open && <CategoryDialog category={open.category} all={rows} onClose={() => setOpen(undefined)} />}
      </Suspense>
    </Panel>
  );
}

/** Parents before their children, siblings in their order. */
function treeOrder(all: Category[]): Category[] {
  const below = (parent: string | null): Category[] =>
    all
      .filter((one) => (one.parent_id ?? null) === parent)
      .toSorted((a, b) => a.position - b.position || a.name.localeCompare(b.name))
      .flatMap((one) => [one, ...below(one.id)]);
  return below(null);
}
