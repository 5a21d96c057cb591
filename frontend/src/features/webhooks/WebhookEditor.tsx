import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok } from "@/api";
import { changed, Form, FormActions, useServerForm } from "@/shared/form";
import { Button, ConfirmDelete, Switch, toast } from "@/shared/ui";
import { useReread, type Webhook } from "./queries";
import { WebhookFields, type WebhookValues, webhookRules } from "./WebhookFields";

interface Values extends WebhookValues {
  active: boolean;
}

const valuesOf = ({ name, url, messages, active }: Webhook): Values => ({
  name,
  url,
  messages,
  active: active ?? true,
});

/** Name, address, messages, and whether it is on. */
export default function WebhookEditor({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation("admin");
  const navigate = useNavigate();
  const reread = useReread();
  const [deleting, setDeleting] = useState(false);
  const path = { id: webhook.id };
  const initial = valuesOf(webhook);
  const form = useServerForm<Values, Webhook>({
    initial,
    version: webhook.version,
    schema: z.object(webhookRules),
    save: (values, version) =>
      ok(
        api.PATCH("/webhooks/{id}", {
          params: { path, header: ifMatch(version) },
          body: changed(initial, values),
        }),
      ),
    reload: async () => {
      const now = await ok(api.GET("/webhooks/{id}", { params: { path } }));
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: async () => {
      toast.done(t("common:state.saved"));
      await reread();
    },
  });
  return (
    <>
      <Form
        form={form}
        labels={{
          name: t("field.name"),
          url: t("webhooks.url"),
          messages: t("webhooks.messages"),
          active: t("webhooks.active"),
        }}
      >
        <WebhookFields form={form} />
        <Switch
          label={t("webhooks.active")}
          checked={form.values.active}
          onChange={(event) => form.set("active", event.currentTarget.checked)}
        />
        <FormActions form={form}>
          <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
            {t("common:action.delete")}
          </Button>
        </FormActions>
      </Form>
      <ConfirmDelete
        opened={deleting}
        onClose={() => setDeleting(false)}
        title={t("webhooks.delete", { name: webhook.name })}
        onConfirm={async () => {
          await ok(api.DELETE("/webhooks/{id}", { params: { path, header: ifMatch(webhook.version) } }));
          await navigate({ to: "/settings/webhooks" });
          await reread();
        }}
      >
        {t("webhooks.delete_hint")}
      </ConfirmDelete>
    </>
  );
}
