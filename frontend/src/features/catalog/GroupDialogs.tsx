/** The dialogs of brands and categories. */
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { keys } from "@/api";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import { ConfirmDelete, DeleteButton, Dialog, Select, Switch, TextInput } from "@/shared/ui";
import { categoryName } from "./edits";
import {
  createBrand,
  createCategory,
  patchBrand,
  patchCategory,
  removeBrand,
  removeCategory,
} from "./queries";
import type { Brand, Category } from "./types";

export function BrandDialog({ brand, onClose }: { brand?: Brand; onClose: () => void }) {
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
          {brand && <GroupDeletion name={brand.name} onDelete={() => removeBrand(brand)} onDone={done} />}
        </FormActions>
      </Form>
    </Dialog>
  );
}

interface CategoryProps {
  category?: Category;
  all: Category[];
  onClose: () => void;
}

export function CategoryDialog({ category, all, onClose }: CategoryProps) {
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
            <GroupDeletion name={category.name} onDelete={() => removeCategory(category)} onDone={done} />
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

function GroupDeletion({ name, onDelete, onDone }: DeleteProps) {
  const { t } = useTranslation("catalog");
  const [asking, setAsking] = useState(false);
  return (
    <>
      <DeleteButton onClick={() => setAsking(true)} />
      <ConfirmDelete
        opened={asking}
        onClose={() => setAsking(false)}
        title={t("delete_title", { name })}
        onConfirm={async () => {
          await onDelete();
          onDone();
        }}
      >
        {t("delete_group_hint")}
      </ConfirmDelete>
    </>
  );
}
