import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api";
import { Form, FormActions, useServerForm } from "@/shared/form";
import { SidePanel } from "@/shared/ui";
import { useReread, type Webhook } from "./queries";
import { WebhookFields, type WebhookValues, webhookRules } from "./WebhookFields";

/** A new endpoint; what comes back holds its secret, once. */
export default function NewWebhook({
  onClose,
  onCreated,
}: {
  onClose: () => void;
  onCreated: (webhook: Webhook) => void;
}) {
  const { t } = useTranslation("admin");
  const reread = useReread();
  const form = useServerForm<WebhookValues, Webhook>({
    initial: { name: "", url: "", messages: ["customer.created", "customer.updated", "customer.deleted"] },
    schema: z.object(webhookRules),
    save: (values) => ok(api.POST("/webhooks", { body: { ...values, active: true } })),
    onSaved: async (webhook) => {
      await reread();
      onCreated(webhook);
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={t("webhooks.add")}>
      <Form form={form}>
        <WebhookFields form={form} />
        <FormActions form={form} onCancel={onClose} verb={t("common:action.create")} />
      </Form>
    </SidePanel>
  );
}
