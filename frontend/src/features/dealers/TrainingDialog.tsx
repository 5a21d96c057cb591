import { useRef } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { idempotencyKey } from "@/api";
import { useDictionary } from "@/features/customers";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { DateField, Dialog, Group, NumberInput, Select, Switch, TextInput, toast } from "@/shared/ui";
import { addTraining, patchTraining, type Training } from "./queries";

interface Props {
  customer: string;
  row?: Training;
  onClose: () => void;
  onSaved: () => unknown;
}

/** Notes what a person was taught, and whether they passed. */
export default function TrainingDialog({ customer, row, onClose, onSaved }: Props) {
  const { t } = useTranslation("dealers");
  const key = useRef(idempotencyKey());
  const courses = useDictionary("training_course");
  const form = useServerForm({
    initial: {
      course: row?.course ?? (null as string | null),
      on: row?.on ?? (null as string | null),
      passed: row?.passed ?? true,
      score: (row?.score ?? "") as number | string,
      valid_until: row?.valid_until ?? (null as string | null),
      note: row?.note ?? "",
    },
    version: row?.version,
    schema: z.object({ course: rules.chosen() }),
    save: ({ course, score, note, ...values }, version) => {
      const body = {
        ...values,
        course: course ?? "",
        score: score === "" ? null : Number(score),
        note: note.trim() || null,
      };
      return row
        ? patchTraining({ id: row.id, version: version ?? row.version }, body)
        : addTraining(customer, body, key.current);
    },
    onSaved: () => {
      toast.done(t("common:state.saved"));
      void onSaved();
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t(row ? "training" : "add_training")}>
      <Form form={form}>
        <Select
          label={t("field.course")}
          required
          searchable
          data-autofocus
          data={courses.options}
          {...form.field("course")}
        />
        <Group grow align="flex-start">
          <DateField
            label={t("field.on")}
            clearable
            value={form.values.on}
            onChange={(on) => form.set("on", on)}
          />
          <DateField
            label={t("field.valid_until")}
            clearable
            value={form.values.valid_until}
            onChange={(until) => form.set("valid_until", until)}
          />
          <NumberInput label={t("field.score")} min={0} {...form.field("score")} />
        </Group>
        <Switch label={t("passed")} {...form.field("passed", { type: "checkbox" })} />
        <TextInput label={t("field.note")} {...form.field("note")} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
