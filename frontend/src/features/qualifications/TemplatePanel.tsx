import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, keys, ok, useCan, useMe } from "@/api";
import { unitsQuery } from "@/features/access";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import { Button, ConfirmDelete, Select, SidePanel, Switch, TextInput, toast } from "@/shared/ui";
import { ApprovalsEdit, ContractsEdit, CriteriaEdit, StepsEdit } from "./TemplateParts";
import type { Definition, Template } from "./types";

export interface Values extends Record<string, unknown> {
  name: string;
  unit_id: string | null;
  required: boolean;
  active: boolean;
  definition: Definition;
}

const valuesOf = (one: Template): Values => ({
  name: one.name,
  unit_id: one.unit?.id ?? null,
  required: one.required,
  active: one.active,
  definition: one.definition,
});

export default function TemplatePanel({ template, onClose }: { template?: Template; onClose: () => void }) {
  const { t } = useTranslation("qualifications");
  const client = useQueryClient();
  const me = useMe();
  const everywhere = useCan("platform:settings:write");
  const units = useQuery({ ...unitsQuery, enabled: everywhere }).data ?? [];
  const [deleting, setDeleting] = useState(false);
  const labelled = z.array(z.object({ label: rules.required() }));
  const initial: Values = template
    ? valuesOf(template)
    : {
        name: "",
        unit_id: everywhere ? null : (me.unit?.id ?? null),
        required: true,
        active: true,
        definition: {
          criteria: [{ key: "", label: t("default.criterion"), required: true }],
          steps: [
            { key: "", label: t("default.desk") },
            { key: "", label: t("default.site") },
          ],
          contracts: [
            { key: "", label: t("default.trade"), required: true },
            { key: "", label: t("default.quality"), required: true },
          ],
          approvals: [{ label: t("default.approval"), role_ids: [], user_ids: [] }],
          own_approval: false,
        },
      };
  const done = async () => {
    await client.invalidateQueries({ queryKey: keys.of("qualification-templates") });
    onClose();
  };
  const form = useServerForm<Values, unknown>({
    initial,
    version: template?.version,
    schema: z.object({
      name: rules.required(),
      definition: z.object({
        criteria: labelled,
        steps: labelled,
        contracts: labelled,
        approvals: labelled,
      }),
    }),
    save: (values, version) => {
      const { unit_id, ...rest } = values;
      return template
        ? ok(
            api.PATCH("/qualification-templates/{id}", {
              params: { path: { id: template.id }, header: ifMatch(version) },
              body: changed(initial, values),
            }),
          )
        : ok(api.POST("/qualification-templates", { body: { ...rest, ...(unit_id ? { unit_id } : {}) } }));
    },
    reload: async () => {
      const path = { id: template?.id ?? "" };
      const now = await ok(api.GET("/qualification-templates/{id}", { params: { path } }));
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: async () => {
      toast.done(t("common:state.saved"));
      await done();
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={t(template ? "template_edit" : "template_add")}>
      <Form form={form}>
        <TextInput label={t("template_name")} required data-autofocus {...form.field("name")} />
        {everywhere && (
          <Select
            label={t("unit")}
            placeholder={t("every_unit")}
            clearable={!template}
            disabled={template !== undefined}
            data={units.map((one) => ({ value: one.id, label: one.name }))}
            {...form.field("unit_id")}
          />
        )}
        <Switch
          label={t("code_after")}
          description={t("code_after_hint")}
          {...form.field("required", { type: "checkbox" })}
        />
        <CriteriaEdit form={form} />
        <StepsEdit form={form} />
        <ContractsEdit form={form} />
        <ApprovalsEdit form={form} />
        <Switch
          label={t("own_approval")}
          description={t("own_approval_hint")}
          {...form.field("definition.own_approval", { type: "checkbox" })}
        />
        {template && (
          <Switch label={t("common:state.active")} {...form.field("active", { type: "checkbox" })} />
        )}
        <FormActions form={form} onCancel={onClose}>
          {template && (
            <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
              {t("common:action.delete")}
            </Button>
          )}
        </FormActions>
      </Form>
      {template && (
        <ConfirmDelete
          opened={deleting}
          onClose={() => setDeleting(false)}
          title={t("template_delete")}
          onConfirm={async () => {
            const params = { path: { id: template.id }, header: ifMatch(template.version) };
            await ok(api.DELETE("/qualification-templates/{id}", { params }));
            await done();
          }}
        >
          {t("template_delete_hint")}
        </ConfirmDelete>
      )}
    </SidePanel>
  );
}
