import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { rules, type ServerForm } from "@/shared/form";
import { MultiSelect, TextInput } from "@/shared/ui";
import { messagesQuery } from "./queries";

export interface WebhookValues extends Record<string, unknown> {
  name: string;
  url: string;
  messages: string[];
}

export const webhookRules = {
  name: rules.required(),
  url: rules.required(),
  messages: z.array(z.string()).check(z.minLength(1, "form.required")),
};

/** Where, what, and what for. */
export function WebhookFields<V extends WebhookValues>({ form }: { form: ServerForm<V> }) {
  const { t } = useTranslation("admin");
  const messages = useQuery(messagesQuery).data ?? [];
  return (
    <>
      <TextInput
        label={t("field.name")}
        description={t("webhooks.name_hint")}
        required
        {...form.field("name")}
      />
      <TextInput
        label={t("webhooks.url")}
        description={t("webhooks.url_hint")}
        placeholder="https://"
        type="url"
        required
        {...form.field("url")}
      />
      <MultiSelect
        label={t("webhooks.messages")}
        description={t("webhooks.messages_hint")}
        required
        searchable
        data={messages.map((one) => ({ value: one.key, label: one.label }))}
        {...form.field("messages")}
      />
    </>
  );
}
