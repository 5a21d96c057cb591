import { IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { keys, useCan } from "@/api";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import { SimpleTable } from "@/shared/grid";
import {
  Anchor,
  Button,
  Confirm,
  Dialog,
  EmptyState,
  Page,
  PageHeader,
  Panel,
  Select,
  SimpleGrid,
  Switch,
  TextInput,
  TextLink,
  Waiting,
} from "@/shared/ui";
import { categoryName } from "./edits";
import {
  brandsQuery,
  categoriesQuery,
  createBrand,
  createCategory,
  patchBrand,
  patchCategory,
  removeBrand,
  removeCategory,
} from "./queries";
import type { Brand, Category } from "./types";

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
      {open && <BrandDialog brand={open.brand} onClose={() => setOpen(undefined)} />}
    </Panel>
  );
}

function BrandDialog({ brand, onClose }: { brand?: Brand; onClose: () => void }) {
  const { t } = useTranslation("catalog");
  const initial = { name: brand?.name ?? "", active: brand?.active ?? true };
  const done = useDone(onClose);
  const form = useServerForm({
    initial,
    version: brand?.version,
    schema: z.object({ name: rules.required() }),
    save: (values, version) =>
      brand ? patchBrand({ id: brand.id, version }, changed(initial, values)) : createBrand(values),
    onSaved: done,
  });
  return (
    <Dialog opened onClose={onClose} title={t(brand ? "edit_brand" : "add_brand")} size="sm">
      <Form form={form}>
        <TextInput label={t("field.name")} required data-autofocus {...form.field("name")} />
        <Switch label={t("field.active")} {...form.field("active", { type: "checkbox" })} />
        <FormActions form={form} onCancel={onClose}>
          {brand && <DeleteButton name={brand.name} onDelete={() => removeBrand(brand)} onDone={done} />}
        </FormActions>
      </Form>
    </Dialog>
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
      {open && <CategoryDialog category={open.category} all={rows} onClose={() => setOpen(undefined)} />}
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

interface CategoryProps {
  category?: Category;
  all: Category[];
  onClose: () => void;
}

function CategoryDialog({ category, all, onClose }: CategoryProps) {
  const { t } = useTranslation("catalog");
  const initial = { name: category?.name ?? "", parent_id: category?.parent_id ?? null };
  const done = useDone(onClose);
  const form = useServerForm({
    initial,
    version: category?.version,
    schema: z.object({ name: rules.required() }),
    save: (values, version) =>
      category
        ? patchCategory({ id: category.id, version }, changed(initial, values))
        : createCategory(values),
    onSaved: done,
  });
  // A category can't move below itself.
  const inside = (one: Category) => category?.path.every((name, depth) => one.path[depth] === name);
  return (
    <Dialog opened onClose={onClose} title={t(category ? "edit_category" : "add_category")} size="sm">
      <Form form={form}>
        <TextInput label={t("field.name")} required data-autofocus {...form.field("name")} />
        <Select
          label={t("parent")}
          clearable
          searchable
          data={all.filter((one) => !inside(one)).map((one) => ({ value: one.id, label: categoryName(one) }))}
          {...form.field("parent_id")}
        />
        <FormActions form={form} onCancel={onClose}>
          {category && (
            <DeleteButton name={category.name} onDelete={() => removeCategory(category)} onDone={done} />
          )}
        </FormActions>
      </Form>
    </Dialog>
  );
}

function useDone(onClose: () => void) {
  const client = useQueryClient();
  return () => {
    for (const resource of ["brands", "categories", "products"]) {
      void client.invalidateQueries({ queryKey: keys.of(resource) });
    }
    onClose();
  };
}

interface DeleteProps {
  name: string;
  onDelete: () => Promise<unknown>;
  onDone: () => void;
}

function DeleteButton({ name, onDelete, onDone }: DeleteProps) {
  const { t } = useTranslation("catalog");
  const [asking, setAsking] = useState(false);
  return (
    <>
      <Button variant="subtle" color="red" onClick={() => setAsking(true)}>
        {t("common:action.delete")}
      </Button>
      <Confirm
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("delete_title", { name })}
        verb={t("common:action.delete")}
        danger
        onConfirm={async () => {
          await onDelete();
          onDone();
        }}
      >
        {t("delete_group_hint")}
      </Confirm>
    </>
  );
}
