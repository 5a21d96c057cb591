import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, keys, ok, type Schema, useCan, useMe } from "@/api";
import { unitsQuery } from "@/features/access";
import { useDictionary, usePeople } from "@/features/customers";
import { pipelinesQuery } from "@/features/pipeline";
import { entriesQuery } from "@/features/platform";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import {
  Button,
  ConfirmDelete,
  MultiSelect,
  Select,
  SidePanel,
  Switch,
  TagsInput,
  Text,
  Textarea,
  TextInput,
  toast,
  Waiting,
} from "@/shared/ui";
import { AskedFields } from "./AskedFields";
import { FORMS, type FormValues, type LeadForm, type Purpose } from "./queries";

const CHANNELS = ["phone", "sms", "email", "wechat", "post"] as const satisfies Purpose["channel"][];

const valuesOf = (one: LeadForm): FormValues => ({
  name: one.name,
  unit_id: one.unit.id,
  title: one.title,
  intro: one.intro ?? null,
  fields: one.fields,
  consent_text: one.consent_text ?? null,
  consent_required: one.consent_required,
  purposes: one.purposes,
  thanks: one.thanks ?? null,
  redirect_url: one.redirect_url ?? null,
  origins: one.origins,
  source: one.source ?? null,
  pipeline_id: one.pipeline.id,
  stage_id: one.stage?.id ?? null,
  owner_id: one.owner?.id ?? null,
  people: one.people.map((person) => person.id),
  active: one.active,
});

/** Empty texts are none. */
const tidied = (values: FormValues): FormValues => ({
  ...values,
  intro: values.intro || null,
  consent_text: values.consent_text || null,
  thanks: values.thanks || null,
  redirect_url: values.redirect_url || null,
});

interface Props {
  form?: LeadForm;
  onClose: () => void;
}

/** What a form asks, who takes what comes, and what is said to whoever sends it. */
export default function LeadFormPanel({ form, onClose }: Props) {
  const { t } = useTranslation("leadforms");
  const lines = useQuery(pipelinesQuery);
  const sources = useQuery(entriesQuery("source"));
  return (
    <SidePanel opened onClose={onClose} title={t(form ? "edit" : "add")} size="lg">
      <Waiting query={lines} rows={6} />
      {lines.data && !sources.isPending && <Editor form={form} lines={lines.data} onClose={onClose} />}
    </SidePanel>
  );
}

function Editor({ form: row, lines, onClose }: Props & { lines: Schema<"PipelineView">[] }) {
  const { t } = useTranslation(["leadforms", "customers"]);
  const client = useQueryClient();
  const me = useMe();
  const everywhere = useCan("platform:settings:write");
  const units = useQuery({ ...unitsQuery, enabled: everywhere }).data ?? [];
  const sources = useDictionary("source");
  const purposes = useDictionary("consent_purpose");
  const people = usePeople();
  const [deleting, setDeleting] = useState(false);
  const initial: FormValues = row
    ? valuesOf(row)
    : {
        name: "",
        unit_id: me.unit?.id ?? null,
        title: "",
        intro: null,
        fields: [
          { field: "person", required: true, label: null },
          { field: "phone", required: true, label: null },
          { field: "message", required: false, label: null },
        ],
        consent_text: null,
        consent_required: false,
        purposes: [],
        thanks: null,
        redirect_url: null,
        origins: [],
        source: sources.options.some((one) => one.value === "website") ? "website" : null,
        pipeline_id: lines.find((one) => one.active)?.id ?? "",
        stage_id: null,
        owner_id: null,
        people: [],
        active: true,
      };
  const done = async () => {
    await client.invalidateQueries({ queryKey: keys.of(FORMS) });
    onClose();
  };
  const form = useServerForm<FormValues, unknown>({
    initial,
    version: row?.version,
    schema: z.object({ name: rules.required(), title: rules.required(), pipeline_id: rules.chosen() }),
    save: (values, version) => {
      const body = tidied(values);
      return row
        ? ok(
            api.PATCH("/lead-forms/{id}", {
              params: { path: { id: row.id }, header: ifMatch(version) },
              body: changed(initial, body),
            }),
          )
        : ok(api.POST("/lead-forms", { body: body }));
    },
    reload: async () => {
      const now = await ok(api.GET("/lead-forms/{id}", { params: { path: { id: row?.id ?? "" } } }));
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: async () => {
      toast.done(t("common:state.saved"));
      await done();
    },
  });
  const { values } = form;
  const line = lines.find((one) => one.id === values.pipeline_id);
  const stages = (line?.stages ?? []).filter((stage) => stage.status === "open");
  const words = (one: Purpose) => `${one.channel}.${one.purpose}`;
  const offered = purposes.options.flatMap((purpose) =>
    CHANNELS.map((channel) => ({
      value: words({ channel, purpose: purpose.value }),
      label: `${t(`customers:consent.channel.${channel}`)} · ${purpose.label}`,
    })),
  );
  return (
    <>
      <Form form={form}>
        <TextInput
          label={t("name")}
          description={t("name_hint")}
          required
          data-autofocus
          {...form.field("name")}
        />
        {everywhere && !row && (
          <Select
            label={t("unit")}
            allowDeselect={false}
            data={units.map((one) => ({ value: one.id, label: one.name }))}
            {...form.field("unit_id")}
          />
        )}
        <TextInput label={t("title")} description={t("title_hint")} required {...form.field("title")} />
        <Textarea label={t("intro")} autosize minRows={2} {...form.field("intro")} />
        <AskedFields form={form} />
        <Text fw={600}>{t("whose")}</Text>
        <Select
          label={t("pipeline")}
          required
          allowDeselect={false}
          data={lines.map((one) => ({ value: one.id, label: one.name, disabled: !one.active }))}
          value={values.pipeline_id || null}
          error={form.field("pipeline_id").error}
          onChange={(id) => {
            form.set("pipeline_id", id ?? "");
            form.set("stage_id", null);
          }}
        />
        <Select
          label={t("stage")}
          placeholder={t("stage_first")}
          clearable
          data={stages.map((one) => ({ value: one.id, label: one.name }))}
          {...form.field("stage_id")}
        />
        <Select label={t("source")} clearable data={sources.options} {...form.field("source")} />
        <Select
          label={t("owner")}
          description={t("owner_hint")}
          placeholder={t("in_turn")}
          clearable
          searchable
          data={people}
          {...form.field("owner_id")}
        />
        {!values.owner_id && (
          <MultiSelect
            label={t("people")}
            description={t("people_hint")}
            searchable
            data={people}
            {...form.field("people")}
          />
        )}
        <Text fw={600}>{t("consent")}</Text>
        <Textarea
          label={t("consent_text")}
          description={t("consent_hint")}
          autosize
          minRows={2}
          {...form.field("consent_text")}
        />
        <MultiSelect
          label={t("purposes")}
          description={t("purposes_hint")}
          searchable
          data={offered}
          value={values.purposes.map(words)}
          error={form.field("purposes").error}
          onChange={(chosen) =>
            form.set(
              "purposes",
              chosen.map((one) => {
                const [channel, ...purpose] = one.split(".");
                return { channel, purpose: purpose.join(".") } as Purpose;
              }),
            )
          }
        />
        <Switch label={t("consent_required")} {...form.field("consent_required", { type: "checkbox" })} />
        <Text fw={600}>{t("afterwards")}</Text>
        <Textarea
          label={t("thanks")}
          placeholder={t("thanks_default")}
          autosize
          minRows={2}
          {...form.field("thanks")}
        />
        <TextInput
          label={t("redirect_url")}
          placeholder="https://"
          type="url"
          {...form.field("redirect_url")}
        />
        <TagsInput
          label={t("origins")}
          description={t("origins_hint")}
          placeholder="https://www.example.com"
          value={values.origins}
          onChange={(origins) => form.set("origins", origins)}
          error={[0, 1, 2, 3, 4].map((at) => form.field(`origins.${at}`).error).find(Boolean)}
        />
        <Switch label={t("common:state.active")} {...form.field("active", { type: "checkbox" })} />
        <FormActions form={form} onCancel={onClose}>
          {row && (
            <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
              {t("common:action.delete")}
            </Button>
          )}
        </FormActions>
      </Form>
      {row && (
        <ConfirmDelete
          opened={deleting}
          onClose={() => setDeleting(false)}
          title={t("delete_title", { name: row.name })}
          onConfirm={async () => {
            const params = { path: { id: row.id }, header: ifMatch(row.version) };
            await ok(api.DELETE("/lead-forms/{id}", { params }));
            await done();
          }}
        >
          {t("delete_hint")}
        </ConfirmDelete>
      )}
    </>
  );
}
