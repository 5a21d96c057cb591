import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { useFormat } from "@/shared/format";
import { SidePanel, Stack, Text, Textarea, toast } from "@/shared/ui";
import { addressWords, type Suppression } from "./SuppressionsPage";

/** What is known of an address on the list, and taking it off with a reason that stays in the audit log. */
export default function LiftSuppression({
  one,
  onClose,
  onLifted,
}: {
  one: Suppression;
  onClose: () => void;
  onLifted: () => void;
}) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const form = useServerForm({
    initial: { reason: "" },
    schema: z.object({ reason: rules.required() }),
    save: ({ reason }) =>
      ok(api.POST("/suppressions/{id}/lifting", { params: { path: { id: one.id } }, body: { reason } })),
    onSaved: () => {
      toast.done(t("suppression.lifted"));
      onLifted();
    },
  });
  const facts = [t(`suppression.reasons.${one.reason}`), one.note, one.proof].filter(Boolean);
  return (
    <SidePanel opened onClose={onClose} title={addressWords(one)}>
      <Stack gap="lg">
        <div>
          {facts.map((fact) => (
            <Text key={fact} style={{ overflowWrap: "anywhere" }}>
              {fact}
            </Text>
          ))}
          <Text size="sm" c="dimmed">
            {t("suppression.put_by", { name: one.created_by.name, day: f.date(one.created_at) })}
          </Text>
        </div>
        <Form form={form}>
          <Textarea
            label={t("suppression.lift_reason")}
            description={t("suppression.lift_hint")}
            autosize
            minRows={2}
            maxRows={6}
            {...form.field("reason")}
          />
          <FormActions form={form} onCancel={onClose} verb={t("suppression.lift")} />
        </Form>
      </Stack>
    </SidePanel>
  );
}
