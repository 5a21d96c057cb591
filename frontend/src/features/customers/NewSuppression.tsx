import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import type { Schema } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { SegmentedControl, Select, SidePanel, Textarea, TextInput, toast } from "@/shared/ui";
import { addSuppression } from "./commands";

const REASONS = ["asked", "bounced", "complained", "other"] as const satisfies Schema<"SuppressionReason">[];

/** Puts an address on the do-not-contact list: why, and where that is written. */
export default function NewSuppression({ onClose, onSaved }: { onClose: () => void; onSaved: () => void }) {
  const { t } = useTranslation("customers");
  const form = useServerForm({
    initial: {
      kind: "phone" as Schema<"SuppressedKind">,
      address: "",
      reason: "asked" as string | null,
      note: "",
      proof: "",
    },
    schema: z.object({ address: rules.required(), reason: rules.chosen() }),
    save: ({ kind, address, reason, note, proof }) =>
      addSuppression({
        kind,
        address,
        reason: REASONS.find((one) => one === reason) ?? "asked",
        note: note || null,
        proof: proof || null,
      }),
    onSaved: () => {
      toast.done(t("common:state.saved"));
      onSaved();
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={t("suppression.add")}>
      <Form form={form}>
        <SegmentedControl
          aria-label={t("suppression.kind")}
          data={(["phone", "email"] as const).map((value) => ({
            value,
            label: t(`consent.channel.${value}`),
          }))}
          value={form.values.kind}
          onChange={(kind) => form.set("kind", kind === "email" ? "email" : "phone")}
        />
        <TextInput label={t("suppression.address")} data-autofocus {...form.field("address")} />
        <Select
          label={t("suppression.reason")}
          allowDeselect={false}
          data={REASONS.map((value) => ({ value, label: t(`suppression.reasons.${value}`) }))}
          {...form.field("reason")}
        />
        <TextInput label={t("suppression.note")} {...form.field("note")} />
        <Textarea
          label={t("consent.proof")}
          placeholder={t("suppression.proof_hint")}
          autosize
          minRows={2}
          maxRows={6}
          {...form.field("proof")}
        />
        <FormActions form={form} onCancel={onClose} verb={t("suppression.add_verb")} />
      </Form>
    </SidePanel>
  );
}
