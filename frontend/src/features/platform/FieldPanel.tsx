import { IconPlus, IconX } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, keys, ok } from "@/api";
import { changed, Form, FormActions, rules, type ServerForm, useServerForm } from "@/shared/form";
import {
  Button,
  ConfirmDelete,
  Group,
  IconButton,
  Select,
  SidePanel,
  Stack,
  Switch,
  Text,
  TextInput,
  toast,
} from "@/shared/ui";
import type { CustomField, FieldResource } from "./queries";
import { RequiredIf } from "./RequiredIf";

const TYPES = [
  "text",
  "number",
  "money",
  "date",
  "bool",
  "choice",
  "multi_choice",
  "user",
  "party",
] as const satisfies CustomField["type"][];

interface Values extends Record<string, unknown> {
  key: string;
  label_zh: string;
  label_en: string;
  type: CustomField["type"];
  choices: CustomField["choices"];
  required: boolean;
  required_if: CustomField["required_if"];
  unique: boolean;
  active: boolean;
}

const valuesOf = (field: CustomField): Values => ({
  key: field.key,
  label_zh: field.label_zh,
  label_en: field.label_en,
  type: field.type,
  choices: field.choices,
  required: field.required,
  required_if: field.required_if ?? null,
  unique: field.unique,
  active: field.active,
});

/** What is required anyway needs no condition. */
const settled = (values: Values): Values => (values.required ? { ...values, required_if: null } : values);

const key = () => z.string().check(z.regex(/^[a-z][a-z0-9_]{0,39}$/, "form.key"));

interface Props {
  field?: CustomField;
  resource: FieldResource;
  nextPosition: number;
  onClose: () => void;
}

export default function FieldPanel({ field, resource, nextPosition, onClose }: Props) {
  const { t } = useTranslation("admin");
  const client = useQueryClient();
  const [deleting, setDeleting] = useState(false);
  const initial: Values = field
    ? valuesOf(field)
    : {
        key: "",
        label_zh: "",
        label_en: "",
        type: "text",
        choices: [],
        required: false,
        required_if: null,
        unique: false,
        active: true,
      };
  const done = async () => {
    await client.invalidateQueries({ queryKey: keys.of("custom-fields") });
    onClose();
  };
  const form = useServerForm<Values, unknown>({
    initial,
    version: field?.version,
    schema: z.object({
      key: key(),
      label_zh: rules.required(),
      label_en: rules.required(),
      choices: z.array(z.object({ key: key(), label_zh: rules.required(), label_en: rules.required() })),
    }),
    save: (values, version) =>
      field
        ? ok(
            api.PATCH("/custom-fields/{id}", {
              params: { path: { id: field.id }, header: ifMatch(version) },
              body: changed(initial, settled(values)),
            }),
          )
        : ok(api.POST("/custom-fields", { body: { ...settled(values), resource, position: nextPosition } })),
    reload: async () => {
      const now = await ok(api.GET("/custom-fields/{id}", { params: { path: { id: field?.id ?? "" } } }));
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: async () => {
      toast.done(t("common:state.saved"));
      await done();
    },
  });
  const choosing = form.values.type === "choice" || form.values.type === "multi_choice";
  return (
    <SidePanel opened onClose={onClose} title={t(field ? "fields.edit" : "fields.add")}>
      <Form form={form}>
        <Group grow align="flex-start">
          <TextInput label={t("field.label_zh")} required data-autofocus {...form.field("label_zh")} />
          <TextInput label={t("field.label_en")} required {...form.field("label_en")} />
        </Group>
        <TextInput
          label={t("field.key")}
          description={t("field.key_hint")}
          required
          disabled={field !== undefined}
          {...form.field("key")}
        />
        <Select
          label={t("fields.type")}
          data={TYPES.map((value) => ({ value, label: t(`field_type.${value}`) }))}
          allowDeselect={false}
          disabled={field !== undefined}
          {...form.field("type")}
        />
        {choosing && <Choices form={form} />}
        <Switch
          label={t("fields.required")}
          description={t("fields.required_hint")}
          {...form.field("required", { type: "checkbox" })}
        />
        {!form.values.required && <RequiredIf form={form} resource={resource} />}
        {!choosing && (
          <Switch
            label={t("fields.unique")}
            description={t("fields.unique_hint")}
            {...form.field("unique", { type: "checkbox" })}
          />
        )}
        {field && <Switch label={t("common:state.active")} {...form.field("active", { type: "checkbox" })} />}
        <FormActions form={form} onCancel={onClose}>
          {field && (
            <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
              {t("common:action.delete")}
            </Button>
          )}
        </FormActions>
      </Form>
      {field && (
        <ConfirmDelete
          opened={deleting}
          onClose={() => setDeleting(false)}
          title={t("fields.delete")}
          onConfirm={async () => {
            await ok(
              api.DELETE("/custom-fields/{id}", {
                params: { path: { id: field.id }, header: ifMatch(field.version) },
              }),
            );
            await done();
          }}
        >
          {t("fields.delete_hint")}
        </ConfirmDelete>
      )}
    </SidePanel>
  );
}

function Choices({ form }: { form: ServerForm<Values> }) {
  const { t } = useTranslation("admin");
  const { choices } = form.values;
  return (
    <Stack gap="xs">
      <Text fw={500}>{t("fields.choices")}</Text>
      {choices.map((_choice, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity before they are saved
        <Group key={index} gap="xs" wrap="nowrap" align="flex-start">
          <TextInput
            aria-label={t("field.key")}
            placeholder={t("field.key")}
            {...form.field(`choices.${index}.key`)}
          />
          <TextInput
            aria-label={t("field.label_zh")}
            placeholder={t("field.label_zh")}
            {...form.field(`choices.${index}.label_zh`)}
          />
          <TextInput
            aria-label={t("field.label_en")}
            placeholder={t("field.label_en")}
            {...form.field(`choices.${index}.label_en`)}
          />
          <IconButton
            size="lg"
            label={t("common:action.remove")}
            onClick={() =>
              form.set(
                "choices",
                choices.filter((_one, at) => at !== index),
              )
            }
          >
            <IconX size={16} />
          </IconButton>
        </Group>
      ))}
      <Button
        variant="default"
        size="compact-sm"
        leftSection={<IconPlus size={14} />}
        style={{ alignSelf: "flex-start" }}
        onClick={() =>
          form.set("choices", [...choices, { key: "", label_zh: "", label_en: "", active: true }])
        }
      >
        {t("fields.add_choice")}
      </Button>
    </Stack>
  );
}
