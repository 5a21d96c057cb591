import { useRef } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, idempotencyKey, ifMatch, ok, type Schema } from "@/api";
import { ProductPicker } from "@/features/catalog";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import { DateField, Dialog, Group, Select, Textarea, TextInput, toast } from "@/shared/ui";
import { ASSET_STATUSES, type Asset } from "./assets";
import { CustomerPicker } from "./CustomerPicker";

/** What a new one begins with, such as the line of an order. */
export interface AssetStart {
  customer?: { id: string; name: string };
  product?: { id: string; name: string } | null;
  name?: string;
  bought_on?: string;
  order_id?: string;
  order_line?: number;
}

interface DialogProps {
  /** Absent for a new one. */
  asset?: Asset;
  start?: AssetStart;
  onClose: () => void;
  onSaved: (asset: Asset) => void;
}

interface Values extends Record<string, unknown> {
  customer_id: string | null;
  product_id: string | null;
  name: string;
  serial: string;
  bought_on: string | null;
  bought_at: string;
  warranty_end: string | null;
  status: Schema<"AssetStatus">;
  note: string;
}

const schema = z.object({ customer_id: rules.chosen(), name: rules.required() });

const bodyOf = (values: Partial<Values>) => ({
  ...values,
  customer_id: undefined,
  ...("serial" in values && { serial: values.serial || null }),
  ...("bought_at" in values && { bought_at: values.bought_at || null }),
  ...("note" in values && { note: values.note || null }),
});

/** A thing a customer owns: what, which one, where from, and how long it is covered. */
export default function AssetDialog({ asset, start = {}, onClose, onSaved }: DialogProps) {
  const { t } = useTranslation("assets");
  const key = useRef(idempotencyKey());
  const initial: Values = {
    customer_id: asset?.customer.id ?? start.customer?.id ?? null,
    product_id: asset?.product?.id ?? start.product?.id ?? null,
    name: asset?.name ?? start.name ?? start.product?.name ?? "",
    serial: asset?.serial ?? "",
    bought_on: asset?.bought_on ?? start.bought_on ?? null,
    bought_at: asset?.bought_at ?? "",
    warranty_end: asset?.warranty_end ?? null,
    status: asset?.status ?? "in_use",
    note: asset?.note ?? "",
  };
  const form = useServerForm<Values, Asset>({
    initial,
    version: asset?.version,
    schema,
    save: (values, version) =>
      asset
        ? ok(
            api.PATCH("/assets/{id}", {
              params: { path: { id: asset.id }, header: ifMatch(version) },
              body: bodyOf(changed(initial, values)),
            }),
          )
        : ok(
            api.POST("/assets", {
              params: { header: key.current },
              body: {
                ...bodyOf(values),
                customer_id: values.customer_id ?? "",
                order_id: start.order_id ?? null,
                order_line: start.order_line ?? null,
              },
            }),
          ),
    onSaved: (row) => {
      toast.done(t("common:state.saved"));
      onSaved(row);
    },
  });
  const { values } = form;
  return (
    <Dialog opened onClose={onClose} title={t(asset ? "edit" : "new")}>
      <Form form={form}>
        {!asset && !start.customer && (
          <CustomerPicker
            label={t("field.customer")}
            required
            value={values.customer_id}
            onChange={(id) => form.set("customer_id", id)}
            error={form.field("customer_id").error}
          />
        )}
        <ProductPicker
          label={t("field.product")}
          chosen={asset?.product ?? start.product ?? undefined}
          value={values.product_id}
          onChange={(product) => {
            form.set("product_id", product?.id ?? null);
            if (product) form.set("name", product.name);
          }}
        />
        <Group grow align="flex-start">
          <TextInput label={t("field.name")} required {...form.field("name")} />
          <TextInput label={t("field.serial")} data-autofocus {...form.field("serial")} />
        </Group>
        <Group grow align="flex-start">
          <DateField
            label={t("field.bought_on")}
            clearable
            value={values.bought_on}
            onChange={(on) => form.set("bought_on", on)}
          />
          <TextInput label={t("field.bought_at")} {...form.field("bought_at")} />
        </Group>
        <Group grow align="flex-start">
          <DateField
            label={t("field.warranty_end")}
            clearable
            value={values.warranty_end}
            onChange={(on) => form.set("warranty_end", on)}
            error={form.field("warranty_end").error}
          />
          <Select
            label={t("field.status")}
            allowDeselect={false}
            data={ASSET_STATUSES.map((value) => ({ value, label: t(`status.${value}`) }))}
            {...form.field("status")}
          />
        </Group>
        <Textarea label={t("field.note")} autosize minRows={2} maxRows={6} {...form.field("note")} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
