import { useRef } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { idempotencyKey, type Ref, useMe } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { dayIn } from "@/shared/format/day";
import { DateField, Dialog, Select, toast } from "@/shared/ui";
import { type Journey, startRun } from "./queries";

interface Props {
  customer: Ref;
  journeys: Journey[];
  onClose: () => void;
  onStarted: () => void;
}

/** Begins a journey by hand, from today or from the day it should be counted from. */
export default function StartDialog({ customer, journeys, onClose, onStarted }: Props) {
  const { t } = useTranslation("journeys");
  const me = useMe();
  const key = useRef(idempotencyKey());
  const form = useServerForm({
    initial: {
      journey_id: (journeys.length === 1 ? journeys[0]?.id : null) ?? (null as string | null),
      started_on: dayIn(me.company.time_zone) as string | null,
    },
    schema: z.object({ journey_id: rules.chosen(), started_on: rules.chosen() }),
    save: ({ journey_id, started_on }) =>
      startRun({ journey_id: journey_id ?? "", customer_id: customer.id, started_on }, key.current),
    onSaved: (run) => {
      toast.done(t("started_said", { name: run.journey.name }));
      onStarted();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("start")} size="sm">
      <Form form={form}>
        <Select
          label={t("journey")}
          required
          data-autofocus
          data={journeys.map((one) => ({ value: one.id, label: one.name }))}
          {...form.field("journey_id")}
        />
        <DateField
          label={t("started_on")}
          description={t("started_on_hint")}
          required
          value={form.values.started_on}
          onChange={(on) => form.set("started_on", on)}
          error={form.field("started_on").error}
        />
        <FormActions form={form} onCancel={onClose} verb={t("start_verb")} />
      </Form>
    </Dialog>
  );
}
