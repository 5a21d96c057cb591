import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keys, type Schema } from "@/api";
import { Form, FormActions, useServerForm } from "@/shared/form";
import { Dialog, Text, Textarea, toast } from "@/shared/ui";
import { POOLS, type Pool, releaseCustomer } from "./queries";

interface Props {
  customer: Schema<"CustomerView">;
  pool: Pool;
  onClose: () => void;
}

/** Says why, and what follows: somebody else may claim the customer. */
export default function ReleaseDialog({ customer, pool, onClose }: Props) {
  const { t } = useTranslation("pool");
  const client = useQueryClient();
  const form = useServerForm({
    initial: { note: "" },
    save: ({ note }) => releaseCustomer(customer.id, note),
    onSaved: async () => {
      toast.done(t("released", { name: customer.name }));
      await client.invalidateQueries({ queryKey: keys.of("customers") });
      await client.invalidateQueries({ queryKey: keys.of(POOLS) });
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("release_title", { name: customer.name })} size="sm">
      <Form form={form}>
        <Text size="sm">{t("release_hint", { pool: pool.name, count: pool.return_days })}</Text>
        <Textarea label={t("note")} data-autofocus autosize minRows={2} {...form.field("note")} />
        <FormActions form={form} onCancel={onClose} verb={t("release")} />
      </Form>
    </Dialog>
  );
}
