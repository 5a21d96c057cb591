import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, idempotencyKey, ok } from "@/api";
import { Form, FormActions, rules, type ServerForm, useServerForm } from "@/shared/form";
import { MultiSelect, PasswordInput, Select, SidePanel, TextInput } from "@/shared/ui";
import { localeOptions } from "./choices";
import { departmentsQuery, rolesQuery, type User, unitsQuery, useRefresh } from "./queries";

export interface UserValues extends Record<string, unknown> {
  name: string;
  login: string;
  email: string;
  phone: string;
  department_id: string | null;
  role_ids: string[];
  locale: string;
}

export const userRules = {
  name: rules.required(),
  login: rules.required(),
  email: rules.email(),
  department_id: rules.chosen(),
  role_ids: z.array(z.string()).check(z.minLength(1, "form.required")),
};

/** Empty text fields go as null. */
export const userBody = (values: Partial<UserValues>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).map(([key, value]) => [key, value === "" ? null : value]));

/** The fields a person has, in creation and change alike. */
export function UserFields({ form }: { form: ServerForm<UserValues> }) {
  const { t } = useTranslation("admin");
  const departments = useQuery(departmentsQuery).data ?? [];
  const units = useQuery(unitsQuery).data ?? [];
  const roles = useQuery(rolesQuery).data ?? [];
  return (
    <>
      <TextInput label={t("field.name")} required {...form.field("name")} />
      <TextInput
        label={t("field.login")}
        required
        autoComplete="off"
        autoCapitalize="none"
        spellCheck={false}
        {...form.field("login")}
      />
      <Select
        label={t("field.department")}
        required
        searchable
        data={units.map((unit) => ({
          group: unit.name,
          items: departments
            .filter((one) => one.unit_id === unit.id)
            .map((one) => ({ value: one.id, label: one.name })),
        }))}
        {...form.field("department_id")}
      />
      <MultiSelect
        label={t("field.roles")}
        required
        searchable
        data={roles.map((role) => ({ value: role.id, label: role.name }))}
        {...form.field("role_ids")}
      />
      <TextInput label={t("field.email")} type="email" {...form.field("email")} />
      <TextInput label={t("field.phone")} type="tel" {...form.field("phone")} />
      <Select
        label={t("field.locale")}
        data={localeOptions}
        allowDeselect={false}
        {...form.field("locale")}
      />
    </>
  );
}

interface NewProps {
  onClose: () => void;
  onCreated: (user: User) => void;
}

export function NewUserPanel({ onClose, onCreated }: NewProps) {
  const { t, i18n } = useTranslation("admin");
  const refresh = useRefresh();
  const once = useMemo(idempotencyKey, []);
  const form = useServerForm<UserValues & { password: string }, User>({
    initial: {
      name: "",
      login: "",
      email: "",
      phone: "",
      department_id: null,
      role_ids: [],
      locale: i18n.language,
      password: "",
    },
    schema: z.object({
      ...userRules,
      password: z.union([z.literal(""), rules.password()], "form.password_short"),
    }),
    save: async (values) => {
      const body = userBody(values);
      if (!values.password) delete body.password;
      return ok(api.POST("/users", { body, headers: once })) as Promise<User>;
    },
    onSaved: async (user) => {
      await refresh("users", "people");
      onCreated(user);
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={t("users.add")}>
      <Form form={form}>
        <UserFields form={form as unknown as ServerForm<UserValues>} />
        <PasswordInput
          label={t("users.password")}
          description={t("users.password_hint")}
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-label": t("users.show_password") }}
          {...form.field("password")}
        />
        <FormActions form={form} onCancel={onClose} verb={t("common:action.create")} />
      </Form>
    </SidePanel>
  );
}
