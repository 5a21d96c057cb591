import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api";
import { Form, FormActions, rules, useServerForm } from "../form";
import { Dialog, Stack, Switch, TextInput } from "../ui";
import type { View } from "./ViewsMenu";

interface NameProps {
  resource: string;
  definition: object;
  onClose: () => void;
  onSaved: (view: View) => void;
}

/** Names what the list shows now and keeps it. */
export default function NameView({ resource, definition, onClose, onSaved }: NameProps) {
  const { t } = useTranslation("grid");
  const form = useServerForm({
    initial: { name: "", shared: false, pinned: false },
    schema: z.object({ name: rules.required() }),
    save: (values) =>
      ok(api.POST("/views", { body: { resource, ...values, definition: { ...definition } } })),
    onSaved,
  });
  return (
    <Dialog opened onClose={onClose} title={t("view_save_as")} size="sm">
      <Form form={form}>
        <Stack gap="sm">
          <TextInput label={t("view_name")} data-autofocus required {...form.field("name")} />
          <Switch label={t("view_share")} {...form.field("shared", { type: "checkbox" })} />
          <Switch label={t("view_pin")} {...form.field("pinned", { type: "checkbox" })} />
        </Stack>
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
