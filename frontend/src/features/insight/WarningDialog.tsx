import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { keys } from "@/api";
import { useDictionary } from "@/features/customers";
import { Form, FormActions, useServerForm } from "@/shared/form";
import { Dialog, SegmentedControl, Select, Text, Textarea, toast } from "@/shared/ui";
import { changeWarning, readWarning, type Warning } from "./outlook";

const STEPS = ["acting", "kept", "lost"] as const;
type Step = (typeof STEPS)[number];

interface Values extends Record<string, unknown> {
  status: Step;
  measures: string;
  outcome_reason: string | null;
  outcome_note: string;
}

const valuesOf = (warning: Warning): Values => ({
  status: "acting",
  measures: warning.measures ?? "",
  outcome_reason: warning.outcome_reason ?? null,
  outcome_note: warning.outcome_note ?? "",
});

interface WarningDialogProps {
  warning: Warning;
  onClose: () => void;
  onSaved?: () => void;
}

/** What is done about a warning, or how it ended. */
export default function WarningDialog({ warning, onClose, onSaved }: WarningDialogProps) {
  const { t } = useTranslation("outlook");
  const client = useQueryClient();
  const reasons = useDictionary("churn_reason");
  const form = useServerForm<Values, Warning>({
    initial: valuesOf(warning),
    version: warning.version,
    schema: z.object({}),
    save: (values, version) =>
      changeWarning(warning.id, version, {
        status: values.status,
        measures: values.measures.trim() || null,
        outcome_reason: values.status === "lost" ? values.outcome_reason : null,
        outcome_note: values.status === "acting" ? null : values.outcome_note.trim() || null,
      }),
    reload: async () => {
      const now = await readWarning(warning.id);
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: () => {
      toast.done(t("warnings.saved", { name: warning.customer.name }));
      for (const resource of ["insight", "customers", "today"]) {
        void client.invalidateQueries({ queryKey: keys.of(resource) });
      }
      onSaved?.();
      onClose();
    },
  });
  const { values } = form;
  return (
    <Dialog opened onClose={onClose} title={t("warnings.dialog", { name: warning.customer.name })}>
      <Form form={form}>
        <Text size="sm" c="dimmed">
          {warning.reasons.map((reason) => t(`risk_reason.${reason}`)).join(" · ")}
        </Text>
        <SegmentedControl
          aria-label={t("warnings.step")}
          value={values.status}
          onChange={(status) => form.set("status", status as Step)}
          data={STEPS.map((value) => ({ value, label: t(`warning_step.${value}`) }))}
        />
        <Textarea
          label={t("warnings.measures")}
          description={t("warnings.measures_hint")}
          autosize
          minRows={2}
          required={values.status === "acting"}
          {...form.field("measures")}
        />
        {values.status === "lost" && (
          <Select
            label={t("warnings.reason")}
            required
            data={reasons.options}
            {...form.field("outcome_reason")}
          />
        )}
        {values.status !== "acting" && (
          <Textarea label={t("warnings.note")} autosize minRows={2} {...form.field("outcome_note")} />
        )}
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
