import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { Dialog, Text, TextInput } from "@/shared/ui";
import { type Role, useRefresh } from "./queries";

/** A new role that starts with the permissions and reach of another. */
export default function CopyRole({ role, onClose }: { role: Role; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const navigate = useNavigate();
  const refresh = useRefresh();
  const form = useServerForm({
    initial: { name: t("roles.copy_name", { name: role.name }) },
    schema: z.object({ name: rules.required() }),
    save: (values) => ok(api.POST("/roles/{id}/copy", { params: { path: { id: role.id } }, body: values })),
    onSaved: async (copy) => {
      await refresh("roles");
      onClose();
      void navigate({ to: "/settings/roles/$id", params: { id: copy.id } });
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("roles.copy", { name: role.name })} size="sm">
      <Form form={form}>
        <Text size="sm" c="dimmed">
          {t("roles.copy_hint")}
        </Text>
        <TextInput label={t("field.name")} required data-autofocus {...form.field("name")} />
        <FormActions form={form} onCancel={onClose} verb={t("roles.copy_verb")} />
      </Form>
    </Dialog>
  );
}
