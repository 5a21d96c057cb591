import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { Dialog, TextInput, toast } from "@/shared/ui";
import type { Mapping, Resource } from "./types";

interface NameProps {
  resource: Resource;
  mapping: Mapping;
  onClose: () => void;
  onSaved: () => void;
}

export default function NameMapping({ resource, mapping, onClose, onSaved }: NameProps) {
  const { t } = useTranslation("imports");
  const form = useServerForm({
    initial: { name: "" },
    schema: z.object({ name: rules.required() }),
    save: (values) => ok(api.POST("/import-mappings", { body: { ...values, resource, mapping } })),
    onSaved: () => {
      toast.done(t("common:state.saved"));
      onSaved();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("save_mapping")} size="sm">
      <Form form={form}>
        <TextInput label={t("mapping_name")} required data-autofocus {...form.field("name")} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
