import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api";
import { Form, FormActions, useServerForm } from "@/shared/form";
import { Dialog, Select, Text } from "@/shared/ui";
import { useReread, type Webhook } from "./queries";

/** Hours for which the old secret goes on. */
const OVERLAPS = ["24", "168", "0"];

/** Gives an endpoint a new secret. */
export default function RenewSecret({
  webhook,
  onClose,
  onRenewed,
}: {
  webhook: Webhook;
  onClose: () => void;
  onRenewed: (secret: string) => void;
}) {
  const { t } = useTranslation("admin");
  const reread = useReread();
  const form = useServerForm({
    initial: { overlap_hours: "24" },
    schema: z.object({ overlap_hours: z.string() }),
    save: ({ overlap_hours }) =>
      ok(
        api.POST("/webhooks/{id}/secret", {
          params: { path: { id: webhook.id } },
          body: { overlap_hours: Number(overlap_hours) },
        }),
      ),
    onSaved: async (renewed) => {
      await reread();
      onRenewed(renewed.secret ?? "");
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("webhooks.renew_title", { name: webhook.name })}>
      <Form form={form}>
        <Text size="sm">{t("webhooks.renew_hint")}</Text>
        <Select
          label={t("webhooks.overlap")}
          allowDeselect={false}
          data={OVERLAPS.map((value) => ({ value, label: t(`webhooks.overlap_${value}`) }))}
          {...form.field("overlap_hours")}
        />
        <FormActions form={form} onCancel={onClose} verb={t("webhooks.renew_verb")} />
      </Form>
    </Dialog>
  );
}
