import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { idempotencyKey, keys, useMe } from "@/api";
import { CustomInputs, customValues } from "@/features/customers";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import { moneyOf } from "@/shared/format/decimal";
import { Group, Select, SidePanel, Switch, TextInput, toast } from "@/shared/ui";
import { useGroupOptions } from "./edits";
import { type OptionValues, optionOf, optionsSchema, optionValuesOf } from "./options";
import { ProductOptions } from "./ProductOptions";
import { createProduct, patchProduct, readProduct } from "./queries";
import type { Product } from "./types";

interface Values extends Record<string, unknown> {
  code: string;
  name: string;
  brand_id: string | null;
  category_id: string | null;
  unit_of_measure: string;
  price: string;
  cost: string;
  active: boolean;
  options: OptionValues[];
  consumable: boolean;
  custom: Record<string, unknown>;
}

const valuesOf = (row?: Product): Values => ({
  code: row?.code ?? "",
  name: row?.name ?? "",
  brand_id: row?.brand?.id ?? null,
  category_id: row?.category?.id ?? null,
  unit_of_measure: row?.unit_of_measure ?? "",
  price: row?.price?.amount ?? "",
  cost: row?.cost?.amount ?? "",
  active: row?.active ?? true,
  options: (row?.options ?? []).map(optionValuesOf),
  consumable: row?.consumable ?? false,
  custom: customValues(row?.custom ?? {}),
});

interface Props {
  product?: Product;
  onClose: () => void;
  onSaved: (row: Product) => void;
}

export function ProductPanel({ product, onClose, onSaved }: Props) {
  const { t } = useTranslation("catalog");
  const client = useQueryClient();
  const { currency } = useMe().company;
  const { brands, categories } = useGroupOptions();
  const key = useRef(idempotencyKey());
  const initial = valuesOf(product);
  const body = ({ price, cost, unit_of_measure, options, ...rest }: Partial<Values>) => ({
    ...rest,
    ...(options === undefined ? {} : { options: options.map((one) => optionOf(one, currency)) }),
    ...(unit_of_measure === undefined ? {} : { unit_of_measure: unit_of_measure || null }),
    ...(price === undefined ? {} : { price: moneyOf(price, currency) }),
    ...(cost === undefined ? {} : { cost: moneyOf(cost, currency) }),
  });
  const form = useServerForm<Values, Product>({
    initial,
    version: product?.version,
    schema: z.object({
      code: rules.required(),
      name: rules.required(),
      price: rules.decimal(),
      cost: rules.decimal(),
      options: optionsSchema,
    }),
    save: (values, version) =>
      product
        ? patchProduct({ id: product.id, version }, body(changed(initial, values)))
        : createProduct(
            { ...body(values), code: values.code, name: values.name, active: values.active },
            key.current,
          ),
    reload: async () => {
      const now = await readProduct(product?.id ?? "");
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: (row) => {
      void client.invalidateQueries({ queryKey: keys.of("products") });
      toast.done(t("common:state.saved"));
      onSaved(row);
    },
  });
  const labels = Object.fromEntries(
    Object.keys(initial).map((one) => [one, t(`field.${one.replace("_id", "")}`)]),
  );
  return (
    <SidePanel opened onClose={onClose} title={t(product ? "edit" : "new")}>
      <Form form={form} labels={labels}>
        <TextInput label={t("field.name")} required data-autofocus {...form.field("name")} />
        <TextInput label={t("field.code")} required {...form.field("code")} />
        <Group grow align="flex-start">
          <Select label={t("field.brand")} clearable searchable data={brands} {...form.field("brand_id")} />
          <Select
            label={t("field.category")}
            clearable
            searchable
            data={categories}
            {...form.field("category_id")}
          />
        </Group>
        <Group grow align="flex-start">
          <TextInput
            label={t("field.price")}
            inputMode="decimal"
            rightSection={<span className="dim">{currency}</span>}
            rightSectionWidth={52}
            {...form.field("price")}
          />
          <TextInput
            label={t("field.cost")}
            inputMode="decimal"
            rightSection={<span className="dim">{currency}</span>}
            rightSectionWidth={52}
            {...form.field("cost")}
          />
        </Group>
        <TextInput
          label={t("field.unit_of_measure")}
          placeholder={t("unit_hint")}
          {...form.field("unit_of_measure")}
        />
        <ProductOptions form={form} set={(options) => form.set("options", options)} />
        <Switch
          label={t("field.active")}
          description={t("active_hint")}
          {...form.field("active", { type: "checkbox" })}
        />
        <Switch
          label={t("field.consumable")}
          description={t("consumable_hint")}
          {...form.field("consumable", { type: "checkbox" })}
        />
        <CustomInputs
          resource="product"
          values={form.values}
          error={(path) => form.field(path).error}
          put={form.set}
        />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </SidePanel>
  );
}
