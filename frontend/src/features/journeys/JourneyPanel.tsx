import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { idempotencyKey, keys, useCan, useMe } from "@/api";
import { unitsQuery } from "@/features/access";
import { changed, Form, FormActions, useServerForm } from "@/shared/form";
import {
  ConfirmDelete,
  DeleteButton,
  NumberInput,
  Select,
  SidePanel,
  SimpleGrid,
  Switch,
  TextInput,
  toast,
} from "@/shared/ui";
import {
  addJourney,
  deleteJourney,
  JOURNEYS,
  type Journey,
  type JourneyInput,
  patchJourney,
  readJourney,
} from "./queries";
import { StepsEdit } from "./StepsEdit";
import { sentSteps, withOneMore } from "./steps";
import { TriggerFields } from "./TriggerFields";
import { TRIGGERS, useOptions } from "./words";

export type Values = Required<JourneyInput> & Record<string, unknown>;

const valuesOf = (one: Journey): Values => ({
  unit_id: one.unit.id,
  name_zh: one.name_zh,
  name_en: one.name_en,
  event: one.event,
  about: one.about,
  steps: one.steps,
  lead_days: one.lead_days,
  again: one.again,
  active: one.active,
});

const sent = (values: Values): Values => ({
  ...values,
  name_zh: values.name_zh.trim() || values.name_en.trim(),
  name_en: values.name_en.trim() || values.name_zh.trim(),
  lead_days: Number(values.lead_days) || 0,
  steps: sentSteps(values.steps),
});

interface Props {
  /** Absent for a new one. */
  journey?: Journey;
  /** What a new one begins as. */
  preset?: JourneyInput;
  onClose: () => void;
}

/** Makes a template, or changes it: what starts it, and its stations. */
export default function JourneyPanel({ journey, preset, onClose }: Props) {
  const { t } = useTranslation("journeys");
  const client = useQueryClient();
  const me = useMe();
  const options = useOptions();
  const key = useRef(idempotencyKey());
  const everywhere = useCan("access:unit:transfer") && !journey;
  const units = useQuery({ ...unitsQuery, enabled: everywhere }).data ?? [];
  const [deleting, setDeleting] = useState(false);
  const [initial] = useState<Values>(() =>
    journey
      ? valuesOf(journey)
      : {
          unit_id: me.unit?.id ?? "",
          name_zh: "",
          name_en: "",
          event: "by_hand",
          about: {},
          steps: withOneMore([]),
          lead_days: 3,
          again: false,
          ...preset,
          active: true,
        },
  );
  const done = async () => {
    await client.invalidateQueries({ queryKey: keys.of(JOURNEYS) });
    onClose();
  };
  const named = z.object({ name_zh: z.string(), name_en: z.string() }).check(
    z.refine((one) => one.name_zh.trim() !== "" || one.name_en.trim() !== "", {
      error: "form.required",
      path: ["name_zh"],
    }),
  );
  const form = useServerForm<Values, Journey>({
    initial,
    version: journey?.version,
    schema: z.intersection(named, z.object({ steps: z.array(named) })),
    save: (values, version) =>
      journey
        ? patchJourney(journey.id, version, changed(sent(initial), sent(values)))
        : addJourney(sent(values), key.current),
    reload:
      journey &&
      (async () => {
        const now = await readJourney(journey.id);
        return { values: valuesOf(now), version: now.version };
      }),
    onSaved: () => {
      toast.done(t("common:state.saved"));
      void done();
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={t(journey ? "edit" : "new")} size="xl">
      <Form form={form}>
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          <TextInput label={t("name_zh")} data-autofocus {...form.field("name_zh")} />
          <TextInput label={t("name_en")} {...form.field("name_en")} />
        </SimpleGrid>
        {everywhere && (
          <Select
            label={t("unit")}
            required
            allowDeselect={false}
            data={units.map((one) => ({ value: one.id, label: one.name }))}
            {...form.field("unit_id")}
          />
        )}
        <Select
          label={t("trigger_title")}
          allowDeselect={false}
          data={options("trigger", TRIGGERS)}
          {...form.field("event")}
        />
        <TriggerFields form={form} />
        <NumberInput
          label={t("lead_days")}
          description={t("lead_days_hint")}
          min={0}
          max={60}
          allowDecimal={false}
          {...form.field("lead_days")}
        />
        <Switch
          label={t("active")}
          description={t("active_hint")}
          {...form.field("active", { type: "checkbox" })}
        />
        <Switch
          label={t("again")}
          description={t("again_hint")}
          {...form.field("again", { type: "checkbox" })}
        />
        <StepsEdit form={form} />
        <FormActions form={form} onCancel={onClose}>
          {journey && <DeleteButton onClick={() => setDeleting(true)} />}
        </FormActions>
      </Form>
      {journey && (
        <ConfirmDelete
          opened={deleting}
          onClose={() => setDeleting(false)}
          title={t("delete_title", { name: journey.name })}
          onConfirm={async () => {
            await deleteJourney(journey);
            await done();
          }}
        >
          {t("delete_hint")}
        </ConfirmDelete>
      )}
    </SidePanel>
  );
}
