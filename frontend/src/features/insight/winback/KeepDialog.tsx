import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { keys } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { useFormat } from "@/shared/format";
import { Dialog, TextInput, toast } from "@/shared/ui";
import { keepAsList } from "./queries";

/** Keeps who is shown as a list, to be worked on, exported, or used wherever lists are. */
export default function KeepDialog({ customers, onClose }: { customers: string[]; onClose: () => void }) {
  const { t } = useTranslation("outlook");
  const f = useFormat();
  const client = useQueryClient();
  const navigate = useNavigate();
  const form = useServerForm({
    initial: { name: t("win_back.keep_default", { date: f.date(new Date().toISOString().slice(0, 10)) }) },
    schema: z.object({ name: rules.required() }),
    save: ({ name }) => keepAsList(name, customers),
    onSaved: (list) => {
      void client.invalidateQueries({ queryKey: keys.of("segments") });
      toast.done(t("win_back.kept", { name: list.name }));
      void navigate({ to: "/segments/$id", params: { id: list.id } });
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("win_back.keep")} size="sm">
      <Form form={form}>
        <TextInput label={t("win_back.keep_name")} data-autofocus required {...form.field("name")} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
