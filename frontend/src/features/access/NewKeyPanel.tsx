import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, useMe } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { dayIn, endOfDay } from "@/shared/format/day";
import { DateField, MultiSelect, SidePanel, TextInput } from "@/shared/ui";
import { type ApiKey, permissionsQuery, useRefresh } from "./queries";

/** A new key: what it is for, what it may do, until when. */
export default function NewKey({
  onClose,
  onCreated,
}: {
  onClose: () => void;
  onCreated: (key: ApiKey) => void;
}) {
  const { t } = useTranslation("admin");
  const me = useMe();
  const zone = me.company.time_zone;
  const refresh = useRefresh();
  const labels = new Map(useQuery(permissionsQuery).data?.map((one) => [one.key, one.label]));
  const form = useServerForm({
    initial: { name: "", permissions: [] as string[], expires_on: null as string | null },
    schema: z.object({
      name: rules.required(),
      permissions: z.array(z.string()).check(z.minLength(1, "form.required")),
    }),
    save: ({ expires_on, ...values }) =>
      ok(
        api.POST("/api-keys", {
          body: {
            ...values,
            ...(expires_on ? { expires_at: endOfDay(expires_on, zone).toISOString() } : {}),
          },
        }),
      ),
    onSaved: async (key) => {
      await refresh("api-keys");
      onCreated(key);
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={t("keys.add")}>
      <Form form={form}>
        <TextInput
          label={t("field.name")}
          description={t("keys.name_hint")}
          required
          data-autofocus
          {...form.field("name")}
        />
        <MultiSelect
          label={t("keys.permissions")}
          description={t("keys.permissions_hint")}
          required
          searchable
          data={me.permissions.map((value) => ({ value, label: labels.get(value) ?? value }))}
          {...form.field("permissions")}
        />
        <DateField
          label={t("keys.expires")}
          description={t("keys.expires_hint")}
          minDate={dayIn(zone)}
          value={form.values.expires_on}
          onChange={(value) => form.set("expires_on", value)}
          error={form.state.errors.expires_on}
        />
        <FormActions form={form} onCancel={onClose} verb={t("common:action.create")} />
      </Form>
    </SidePanel>
  );
}
