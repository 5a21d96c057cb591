import { useRef } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { idempotencyKey } from "@/api";
import { ProductPicker } from "@/features/catalog";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { DateField, Dialog, Group, NumberInput, Textarea, TextInput, toast } from "@/shared/ui";
import { CustomerPicker } from "./CustomerPicker";
import { addWish, type Wish } from "./wishes";

interface DialogProps {
  /** Absent where the customer is still to be chosen. */
  customer?: { id: string; name: string };
  onClose: () => void;
  onSaved: (wish: Wish) => void;
}

/** Notes what a customer wants: a product of the catalogue, or in words. */
export default function WishDialog({ customer, onClose, onSaved }: DialogProps) {
  const { t } = useTranslation("wishes");
  const key = useRef(idempotencyKey());
  const form = useServerForm({
    initial: {
      customer_id: customer?.id ?? (null as string | null),
      product_id: null as string | null,
      wanted: "",
      option: "",
      quantity: 1 as number | string,
      needed_by: null as string | null,
      note: "",
    },
    schema: z.object({ customer_id: rules.chosen(), wanted: rules.required() }),
    save: ({ customer_id, option, quantity, note, ...values }) =>
      addWish(
        {
          ...values,
          customer_id: customer_id ?? "",
          option: option || null,
          quantity: Number(quantity) || 1,
          note: note || null,
        },
        key.current,
      ),
    onSaved: (wish: Wish) => {
      toast.done(t("common:state.saved"));
      onSaved(wish);
    },
  });
  const { values } = form;
  return (
    <Dialog opened onClose={onClose} title={t("new")}>
      <Form form={form}>
        {!customer && (
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
          value={values.product_id}
          onChange={(product) => {
            form.set("product_id", product?.id ?? null);
            if (product) form.set("wanted", product.name);
          }}
        />
        <TextInput
          label={t("field.wanted")}
          placeholder={t("wanted_hint")}
          required
          data-autofocus
          {...form.field("wanted")}
        />
        <Group grow align="flex-start">
          <TextInput label={t("field.option")} placeholder={t("option_hint")} {...form.field("option")} />
          <NumberInput label={t("field.quantity")} min={1} allowDecimal={false} {...form.field("quantity")} />
          <DateField
            label={t("field.needed_by")}
            clearable
            value={values.needed_by}
            onChange={(on) => form.set("needed_by", on)}
          />
        </Group>
        <Textarea label={t("field.note")} autosize minRows={2} maxRows={6} {...form.field("note")} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
