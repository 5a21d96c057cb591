import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api";
import type { FieldSave } from "@/shared/form";
import type { CellEdit } from "@/shared/grid";
import { brandsQuery, categoriesQuery } from "./queries";
import type { Category, Product } from "./types";

export type Editable =
  | "name"
  | "code"
  | "brand"
  | "category"
  | "unit_of_measure"
  | "price"
  | "cost"
  | "active";

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
export function useProductEdits(saver: FieldSave<Product>): Record<Editable, CellEdit<Product>> {
  const { t } = useTranslation("catalog");
  const { currency } = useMe().company;
  const { brands, categories } = useGroupOptions();
  const { save } = saver;
  return useMemo(() => {
    const edit = (
      key: Editable,
      kind: CellEdit<Product>["kind"],
      value: (row: Product) => string | null,
      body: (value: string | null) => Record<string, unknown>,
      options?: { value: string; label: string }[],
    ): CellEdit<Product> => {
      const words = (id: string | null) => options?.find((one) => one.value === id)?.label ?? id ?? "";
      return {
        kind,
        value,
        options,
        save: (row, next) =>
          save(row, {
            label: t(`field.${key}`),
            body: body(next),
            words: (one) => words(value(one)),
            mine: words(next),
          }),
      };
    };
    const text = (key: "name" | "code" | "unit_of_measure") =>
      edit(
        key,
        "text",
        (row) => row[key] ?? null,
        (value) => ({ [key]: value }),
      );
    const money = (key: "price" | "cost") =>
      edit(
        key,
        "number",
        (row) => row[key]?.amount ?? null,
        (value) => ({ [key]: value === null ? null : { amount: value.trim(), currency } }),
      );
    return {
      name: text("name"),
      code: text("code"),
      unit_of_measure: text("unit_of_measure"),
      price: money("price"),
      cost: money("cost"),
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
    };
  }, [t, currency, brands, categories, save]);
}
