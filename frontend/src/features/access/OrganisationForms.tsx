import { useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok } from "@/api";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import { Button, ConfirmDelete, Select, SidePanel, Switch, TextInput, toast } from "@/shared/ui";
import { PersonPicker } from "./PersonPicker";
import { type Department, type Unit, useRefresh } from "./queries";

export function UnitPanel({ unit, onClose }: { unit?: Unit; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const refresh = useRefresh();
  const initial = { name: unit?.name ?? "", code: unit?.code ?? "", active: unit?.active ?? true };
  const form = useServerForm({
    initial,
    version: unit?.version,
    schema: z.object({ name: rules.required(), code: rules.required() }),
    save: (values, version) =>
      unit
        ? ok(
            api.PATCH("/units/{id}", {
              params: { path: { id: unit.id }, header: ifMatch(version) },
              body: changed(initial, values),
            }),
          )
        : ok(api.POST("/units", { body: { name: values.name, code: values.code } })),
    reload: async () => {
      const now = await ok(api.GET("/units/{id}", { params: { path: { id: unit?.id ?? "" } } }));
      return { values: { name: now.name, code: now.code, active: now.active }, version: now.version };
    },
    onSaved: async () => {
      await refresh("units");
      toast.done(t("common:state.saved"));
      onClose();
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={t(unit ? "organisation.unit" : "organisation.add_unit")}>
      <Form
        form={form}
        labels={{ name: t("field.name"), code: t("field.code"), active: t("common:state.active") }}
      >
        <TextInput label={t("field.name")} required data-autofocus {...form.field("name")} />
        <TextInput
          label={t("field.code")}
          description={t("organisation.code_hint")}
          required
          {...form.field("code")}
        />
        {unit && <Switch label={t("common:state.active")} {...form.field("active", { type: "checkbox" })} />}
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </SidePanel>
  );
}

interface DepartmentProps {
  department?: Department;
  unitId: string;
  parentId?: string;
  siblings: Department[];
  onClose: () => void;
}

const valuesOf = (one: Department) => ({
  name: one.name,
  parent_id: one.parent_id ?? null,
  leader_id: one.leader_id ?? null,
});

export function DepartmentPanel({ department, unitId, parentId, siblings, onClose }: DepartmentProps) {
  const { t } = useTranslation("admin");
  const refresh = useRefresh();
  const [deleting, setDeleting] = useState(false);
  const initial = department
    ? valuesOf(department)
    : { name: "", parent_id: parentId ?? null, leader_id: null as string | null };
  const done = async () => {
    await refresh("departments");
    onClose();
  };
  const form = useServerForm({
    initial,
    version: department?.version,
    schema: z.object({ name: rules.required() }),
    save: (values, version) =>
      department
        ? ok(
            api.PATCH("/departments/{id}", {
              params: { path: { id: department.id }, header: ifMatch(version) },
              body: changed(initial, values),
            }),
          )
        : ok(api.POST("/departments", { body: { ...values, unit_id: unitId } })),
    reload: async () => {
      const now = await ok(api.GET("/departments/{id}", { params: { path: { id: department?.id ?? "" } } }));
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: async () => {
      toast.done(t("common:state.saved"));
      await done();
    },
  });
  return (
    <SidePanel
      opened
      onClose={onClose}
      title={t(department ? "organisation.department" : "organisation.add_department")}
    >
      <Form
        form={form}
        labels={{
          name: t("field.name"),
          parent_id: t("organisation.parent"),
          leader_id: t("organisation.leader"),
        }}
      >
        <TextInput label={t("field.name")} required data-autofocus {...form.field("name")} />
        <Select
          label={t("organisation.parent")}
          placeholder={t("organisation.parent_none")}
          clearable
          searchable
          data={siblings
            .filter((one) => one.id !== department?.id)
            .map((one) => ({ value: one.id, label: one.name }))}
          {...form.field("parent_id")}
        />
        <PersonPicker
          label={t("organisation.leader")}
          clearable
          chosen={department?.leader}
          value={form.values.leader_id}
          onChange={(id) => form.set("leader_id", id)}
          error={form.state.errors.leader_id}
        />
        <FormActions form={form} onCancel={onClose}>
          {department && (
            <Button variant="subtle" color="red" onClick={() => setDeleting(true)}>
              {t("common:action.delete")}
            </Button>
          )}
        </FormActions>
      </Form>
      {department && (
        <ConfirmDelete
          opened={deleting}
          onClose={() => setDeleting(false)}
          title={t("organisation.delete_department", { name: department.name })}
          onConfirm={async () => {
            await ok(
              api.DELETE("/departments/{id}", {
                params: { path: { id: department.id }, header: ifMatch(department.version) },
              }),
            );
            await done();
          }}
        >
          {t("organisation.delete_hint")}
        </ConfirmDelete>
      )}
    </SidePanel>
  );
}
