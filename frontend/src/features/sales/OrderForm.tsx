import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import { idempotencyKey, keys, type Ref, useMe } from "@/api";
import { PersonPicker } from "@/features/access";
import { CustomerPicker, CustomInputs, useDictionary } from "@/features/customers";
import { changed, Form, FormActions, useServerForm } from "@/shared/form";
import { dayIn } from "@/shared/format/day";
import {
  DateField,
  Group,
  Page,
  PageHeader,
  Panel,
  Select,
  SimpleGrid,
  Textarea,
  TextLink,
  toast,
} from "@/shared/ui";
import { bodyOf, newBodyOf, newOrder, type OrderValues, orderSchema, valuesOf } from "./form";
import { LineRows } from "./LineRows";
import { createOrder, orderQuery, patchOrder, readOrder } from "./queries";
import { type Order, STATUSES } from "./types";

/** An order as it is written: whose it is, its lines, its terms. */
export default function OrderForm({ order, customer }: { order?: Order; customer?: Ref }) {
  const { t } = useTranslation("sales");
  const me = useMe();
  const client = useQueryClient();
  const navigate = useNavigate();
  const channels = useDictionary("channel");
  const once = useRef(idempotencyKey());
  const currency = order?.currency ?? me.company.currency;
  const initial = useRef(
    order
      ? valuesOf(order)
      : newOrder({
          customer: customer?.id ?? null,
          owner: me.id,
          today: dayIn(me.company.time_zone),
          taxRate: me.company.tax_rate,
        }),
  ).current;
  const open = (id: string) => navigate({ to: "/orders/$id", params: { id } });
  const form = useServerForm<OrderValues, Order>({
    initial,
    version: order?.version,
    schema: orderSchema,
    save: (values, version) =>
      order
        ? patchOrder({ id: order.id, version }, bodyOf(changed(initial, values), currency))
        : createOrder(newBodyOf(values, currency), once.current),
    reload: async () => {
      const now = await readOrder(order?.id ?? "");
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: async (saved) => {
      client.setQueryData(orderQuery(saved.id).queryKey, saved);
      toast.done(t(order ? "common:state.saved" : "created", { code: saved.code }));
      await open(saved.id);
      void client.invalidateQueries({ queryKey: keys.of("orders") });
      void client.invalidateQueries({ queryKey: keys.of("customers") });
    },
  });
  const back = () => void (order ? open(order.id) : navigate({ to: "/orders" }));
  return (
    <Page width="regular">
      <PageHeader
        title={order ? t("edit_title", { code: order.code }) : t("new")}
        eyebrow={<TextLink to="/orders">{t("title")}</TextLink>}
      />
      <Form
        form={form}
        labels={{
          customer_id: t("field.customer"),
          ordered_on: t("field.ordered_on"),
          channel: t("field.channel"),
          note: t("field.note"),
          lines: t("lines"),
        }}
      >
        <Panel>
          <SimpleGrid cols={{ base: 1, sm: 2, md: 4 }}>
            <CustomerPicker
              label={t("field.customer")}
              required
              data-autofocus={!customer}
              chosen={customer}
              value={form.values.customer_id}
              onChange={(id) => form.set("customer_id", id)}
              error={form.field("customer_id").error}
            />
            <DateField
              label={t("field.ordered_on")}
              required
              clearable={false}
              value={form.values.ordered_on}
              onChange={(on) => form.set("ordered_on", on ?? "")}
              error={form.field("ordered_on").error}
            />
            <Select label={t("field.channel")} clearable data={channels.options} {...form.field("channel")} />
            <PersonPicker
              label={t("field.owner")}
              chosen={order?.owner ?? me}
              clearable
              value={form.values.owner_id}
              onChange={(id) => form.set("owner_id", id)}
              error={form.field("owner_id").error}
            />
            <CustomInputs
              resource="order"
              values={form.values}
              error={(path) => form.field(path).error}
              put={form.set}
            />
          </SimpleGrid>
        </Panel>
        <Panel title={t("lines")} flush>
          <LineRows form={form} setLines={(lines) => form.set("lines", lines)} currency={currency} />
        </Panel>
        <Panel>
          <Group align="flex-start" grow>
            <Textarea label={t("field.note")} autosize minRows={2} maxRows={6} {...form.field("note")} />
            {!order && (
              <Select
                label={t("field.status")}
                allowDeselect={false}
                data={STATUSES.filter((one) => one !== "cancelled").map((value) => ({
                  value,
                  label: t(`status.${value}`),
                }))}
                {...form.field("status")}
              />
            )}
          </Group>
        </Panel>
        <FormActions form={form} onCancel={back} />
      </Form>
    </Page>
  );
}
