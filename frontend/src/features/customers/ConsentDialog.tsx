import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import type { Schema } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { DateField, Dialog, Group, SegmentedControl, Select, Textarea, TextInput, toast } from "@/shared/ui";
import { useDictionary } from "./choices";
import { recordConsent } from "./commands";
import type { Customer } from "./types";

const CHANNELS = [
  "email",
  "sms",
  "phone",
  "wechat",
  "portal",
  "post",
] as const satisfies Schema<"ContactChannel">[];

interface DialogProps {
  customer: Customer;
  /** What was pressed: its opposite is proposed. */
  state: Schema<"ConsentState">;
  onClose: () => void;
  onSaved: () => void;
}

/** Notes what the customer said, when, where, and in which words. */
export default function ConsentDialog({ customer, state, onClose, onSaved }: DialogProps) {
  const { t } = useTranslation("customers");
  const purposes = useDictionary("consent_purpose");
  const form = useServerForm({
    initial: {
      given: state.given !== true,
      channel: state.channel as string | null,
      purpose: state.purpose as string | null,
      on: null as string | null,
      source: "",
      proof: "",
    },
    schema: z.object({ channel: rules.chosen(), purpose: rules.chosen() }),
    save: ({ given, channel, purpose, on, source, proof }) =>
      recordConsent(customer.id, {
        given,
        channel: CHANNELS.find((one) => one === channel) ?? "email",
        purpose: purpose ?? "",
        at: on ? `${on}T00:00:00Z` : null,
        source: source || null,
        proof: proof || null,
      }),
    onSaved: () => {
      toast.done(t("common:state.saved"));
      onSaved();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("consent.note_title", { name: customer.name })}>
      <Form form={form}>
        <SegmentedControl
          aria-label={t("consent.title")}
          data={[
            { value: "yes", label: t("consent.given") },
            { value: "no", label: t("consent.withdrawn") },
          ]}
          value={form.values.given ? "yes" : "no"}
          onChange={(value) => form.set("given", value === "yes")}
        />
        <Group grow align="flex-start">
          <Select
            label={t("consent.purpose")}
            allowDeselect={false}
            data={purposes.options}
            {...form.field("purpose")}
          />
          <Select
            label={t("consent.over")}
            allowDeselect={false}
            data={CHANNELS.map((value) => ({ value, label: t(`consent.channel.${value}`) }))}
            {...form.field("channel")}
          />
        </Group>
        <Group grow align="flex-start">
          <TextInput
            label={t("consent.source")}
            placeholder={t("consent.source_hint")}
            data-autofocus
            {...form.field("source")}
          />
          <DateField
            label={t("consent.on")}
            placeholder={t("consent.now")}
            clearable
            maxDate={new Date()}
            value={form.values.on}
            onChange={(on) => form.set("on", on)}
          />
        </Group>
        <Textarea
          label={t("consent.proof")}
          placeholder={t("consent.proof_hint")}
          autosize
          minRows={2}
          maxRows={6}
          {...form.field("proof")}
        />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
