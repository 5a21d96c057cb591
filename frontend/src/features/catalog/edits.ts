import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api";
import { type FieldSave, fieldEdits } from "@/shared/form";
import { moneyOf } from "@/shared/format/decimal";
import type { CellEdit } from "@/shared/grid";
import { brandsQuery, categoriesQuery } from "./queries";
import type { Category, Product, ProductPatch } from "./types";

export type Editable =
  | "name"
  | "code"
  | "brand"
  | "category"
  | "unit_of_measure"
  | "price"
  | "cost"
  | "active"
  | "consumable";

export const categoryName = (one: Category): string => one.path.join(" / ");

export function useGroupOptions() {
  const brands = useQuery(brandsQuery).data;
  const categories = useQuery(categoriesQuery).data;
  return useMemo(
    () => ({
      brands: (brands ?? []).filter((one) => one.active).map((one) => ({ value: one.id, label: one.name })),
      categories: (categories ?? []).map((one) => ({ value: one.id, label: categoryName(one) })),
    }),
    [brands, categories],
  );
}

/** How single fields of a product are edited in place. */
export function useProductEdits(
  saver: FieldSave<Product, ProductPatch>,
): Record<Editable, CellEdit<Product>> {
  const { t } = useTranslation("catalog");
  const { currency } = useMe().company;
  const { brands, categories } = useGroupOptions();
  const { save } = saver;
  return useMemo(() => {
    const edit = fieldEdits<Editable, Product, ProductPatch>(save, (key) => t(`field.${key}`));
    return {
      name: edit(
        "name",
        "text",
        (row) => row.name,
        (value) => ({ name: value ?? "" }),
      ),
      code: edit(
        "code",
        "text",
        (row) => row.code,
        (value) => ({ code: value ?? "" }),
      ),
      unit_of_measure: edit(
        "unit_of_measure",
        "text",
        (row) => row.unit_of_measure ?? null,
        (value) => ({ unit_of_measure: value }),
      ),
      price: edit(
        "price",
        "number",
        (row) => row.price?.amount ?? null,
        (value) => ({ price: moneyOf(value, currency) }),
      ),
      cost: edit(
        "cost",
        "number",
        (row) => row.cost?.amount ?? null,
        (value) => ({ cost: moneyOf(value, currency) }),
      ),
      brand: edit(
        "brand",
        "select",
        (row) => row.brand?.id ?? null,
        (id) => ({ brand_id: id }),
        brands,
      ),
      category: edit(
        "category",
        "select",
        (row) => row.category?.id ?? null,
        (id) => ({ category_id: id }),
        categories,
      ),
      active: edit(
        "active",
        "select",
        (row) => String(row.active),
        (value) => ({ active: value === "true" }),
        [
          { value: "true", label: t("active") },
          { value: "false", label: t("inactive") },
        ],
      ),
      consumable: edit(
        "consumable",
        "select",
        (row) => String(row.consumable),
        (value) => ({ consumable: value === "true" }),
        [
          { value: "true", label: t("consumable_yes") },
          { value: "false", label: t("consumable_no") },
        ],
      ),
    };
  }, [t, currency, brands, categories, save]);
}
