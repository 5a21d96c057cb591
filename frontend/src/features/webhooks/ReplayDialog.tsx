import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, useMe } from "@/api";
import { Form, FormActions, useServerForm } from "@/shared/form";
import { dayAfter, dayIn, endOfDay } from "@/shared/format/day";
import { Checkbox, DateField, Dialog, Text, toast } from "@/shared/ui";
import { useReread, type Webhook } from "./queries";

/** Sends the messages since a day once more. */
export default function ReplayDialog({ webhook, onClose }: { webhook: Webhook; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const zone = useMe().company.time_zone;
  const reread = useReread();
  const form = useServerForm({
    initial: { from: dayIn(zone) as string | null, all: false },
    schema: z.object({ from: z.string("form.required"), all: z.boolean() }),
    save: ({ from, all }) =>
      ok(
        api.POST("/webhooks/{id}/replay", {
          params: { path: { id: webhook.id } },
          // A day begins where the one before it ends.
          body: {
            from: endOfDay(dayAfter(from ?? dayIn(zone), -1), zone).toISOString(),
            failed_only: !all,
          },
        }),
      ),
    onSaved: async ({ messages }) => {
      toast.done(t("webhooks.replay_done", { count: messages }));
      await reread();
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("webhooks.replay_title")}>
      <Form form={form}>
        <Text size="sm">{t("webhooks.replay_hint")}</Text>
        <DateField
          label={t("webhooks.replay_from")}
          required
          value={form.values.from}
          onChange={(value) => form.set("from", value)}
          error={form.state.errors.from}
        />
        <Checkbox
          label={t("webhooks.replay_all")}
          checked={form.values.all}
          onChange={(event) => form.set("all", event.currentTarget.checked)}
        />
        <FormActions form={form} onCancel={onClose} verb={t("webhooks.replay_verb")} />
      </Form>
    </Dialog>
  );
}
