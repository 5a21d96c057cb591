import { IconArrowUp, IconPlus, IconX } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, keys, ok, useCan, useMe } from "@/api";
import { unitsQuery } from "@/features/access";
import { changed, Form, FormActions, rules, type ServerForm, useServerForm } from "@/shared/form";
import {
  Button,
  ConfirmDelete,
  Group,
  IconButton,
  MultiSelect,
  NumberInput,
  Select,
  SidePanel,
  Stack,
  Switch,
  Text,
  TextInput,
  toast,
} from "@/shared/ui";
import { CRITERIA, type Pipeline, STAGE_STATUSES, STEPS_ASKED, type Stage } from "./types";

type StageValues = Omit<Stage, "id"> & { id: string | null };

interface Values extends Record<string, unknown> {
  name: string;
  unit_id: string | null;
  position: number;
  active: boolean;
  stages: StageValues[];
}

const valuesOf = (one: Pipeline): Values => ({
  name: one.name,
  unit_id: one.unit?.id ?? null,
  position: one.position,
  active: one.active,
  stages: one.stages,
});

const stage = (name: string, status: Stage["status"], probability: number): StageValues => ({
  id: null,
  name,
  status,
  probability,
  criteria: [],
  steps_asked: "none",
});

/** A pipeline's form: its name, and its stages in their order. */
export default function PipelinePanel({ pipeline, onClose }: { pipeline?: Pipeline; onClose: () => void }) {
  const { t } = useTranslation("pipeline");
  const client = useQueryClient();
  const me = useMe();
  const everywhere = useCan("platform:settings:write");
  const units = useQuery({ ...unitsQuery, enabled: everywhere }).data ?? [];
  const [deleting, setDeleting] = useState(false);
  const initial: Values = pipeline
    ? valuesOf(pipeline)
    : {
        name: "",
        unit_id: everywhere ? null : (me.unit?.id ?? null),
        position: 10,
        active: true,
        stages: [
          stage(t("stage_first"), "open", 20),
          stage(t("status.won"), "won", 100),
          stage(t("status.lost"), "lost", 0),
        ],
      };
  const done = async () => {
    await client.invalidateQueries({ queryKey: keys.of("pipelines") });
    await client.invalidateQueries({ queryKey: keys.of("opportunities") });
    onClose();
  };
  const form = useServerForm<Values, unknown>({
    initial,
    version: pipeline?.version,
    schema: z.object({ name: rules.required(), stages: z.array(z.object({ name: rules.required() })) }),
    save: (values, version) => {
      const { unit_id, ...rest } = values;
      return pipeline
        ? ok(
            api.PATCH("/pipelines/{id}", {
              params: { path: { id: pipeline.id }, header: ifMatch(version) },
              body: changed(initial, values),
            }),
          )
        : ok(api.POST("/pipelines", { body: { ...rest, ...(unit_id ? { unit_id } : {}) } }));
    },
    reload: async () => {
      const path = { id: pipeline?.id ?? "" };
      const now = await ok(api.GET("/pipelines/{id}", { params: { path } }));
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: async () => {
      toast.done(t("common:state.saved"));
      await done();
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={t(pipeline ? "pipeline_edit" : "pipeline_add")} size="lg">
      <Form form={form}>
        <TextInput label={t("field.name")} required data-autofocus {...form.field("name")} />
        {everywhere && (
          <Select
            label={t("field.unit")}
            placeholder={t("every_unit")}
            clearable={!pipeline}
            disabled={pipeline !== undefined}
            data={units.map((one) => ({ value: one.id, label: one.name }))}
            {...form.field("unit_id")}
          />
        )}
        <NumberInput
          label={t("position")}
          description={t("position_hint")}
          allowDecimal={false}
          {...form.field("position")}
        />
        <Stages form={form} />
        {pipeline && (
          <Switch label={t("common:state.active")} {...form.field("active", { type: "checkbox" })} />
        )}
        <FormActions form={form} onCancel={onClose}>
          {pipeline && (
            <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
              {t("common:action.delete")}
            </Button>
          )}
        </FormActions>
      </Form>
      {pipeline && (
        <ConfirmDelete
          opened={deleting}
          onClose={() => setDeleting(false)}
          title={t("pipeline_delete")}
          onConfirm={async () => {
            const params = { path: { id: pipeline.id }, header: ifMatch(pipeline.version) };
            await ok(api.DELETE("/pipelines/{id}", { params }));
            await done();
          }}
        >
          {t("pipeline_delete_hint")}
        </ConfirmDelete>
      )}
    </SidePanel>
  );
}

function Stages({ form }: { form: ServerForm<Values> }) {
  const { t } = useTranslation("pipeline");
  const rows = form.values.stages;
  const set = (next: StageValues[]) => form.set("stages", next);
  return (
    <Stack gap="sm">
      <Text fw={600}>{t("stages")}</Text>
      {rows.map((row, at) => (
        <Stack
          // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity before they are saved
          key={at}
          gap={6}
          p="xs"
          style={{ border: "1px solid var(--rgl-line)", borderRadius: "var(--mantine-radius-sm)" }}
        >
          <Group gap="xs" wrap="nowrap" align="flex-start">
            <TextInput
              style={{ flex: 1 }}
              aria-label={t("stage_name")}
              placeholder={t("stage_name")}
              {...form.field(`stages.${at}.name`)}
            />
            <IconButton
              label={t("stage_up", { name: row.name })}
              disabled={at === 0}
              onClick={() => set(rows.toSpliced(at - 1, 2, row, rows[at - 1] as StageValues))}
            >
              <IconArrowUp size={16} />
            </IconButton>
            <IconButton
              label={t("remove_one", { text: row.name })}
              disabled={rows.length <= 3}
              onClick={() => set(rows.toSpliced(at, 1))}
            >
              <IconX size={16} />
            </IconButton>
          </Group>
          <Group gap="xs" grow align="flex-start">
            <Select
              size="xs"
              label={t("meaning")}
              allowDeselect={false}
              data={STAGE_STATUSES.map((one) => ({ value: one, label: t(`status.${one}`) }))}
              {...form.field(`stages.${at}.status`)}
            />
            <NumberInput
              size="xs"
              label={t("probability")}
              min={0}
              max={100}
              allowDecimal={false}
              suffix="%"
              {...form.field(`stages.${at}.probability`)}
            />
            <Select
              size="xs"
              label={t("steps_asked")}
              allowDeselect={false}
              data={STEPS_ASKED.map((one) => ({ value: one, label: t(`asks.${one}`) }))}
              {...form.field(`stages.${at}.steps_asked`)}
            />
          </Group>
          <MultiSelect
            size="xs"
            label={t("criteria")}
            data={CRITERIA.map((one) => ({ value: one, label: t(`criterion.${one}`) }))}
            {...form.field(`stages.${at}.criteria`)}
          />
        </Stack>
      ))}
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconPlus size={14} />}
        style={{ alignSelf: "flex-start" }}
        onClick={() => set([...rows, stage("", "open", 50)])}
      >
        {t("stage_add")}
      </Button>
    </Stack>
  );
}
