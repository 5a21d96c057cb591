import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import type { Language } from "@/app/i18n";
import { rules, type ServerForm } from "@/shared/form";
import { MultiSelect, Select, TextInput } from "@/shared/ui";
import { localeOptions } from "./choices";
import { departmentsQuery, rolesQuery, unitsQuery } from "./queries";

export interface UserValues extends Record<string, unknown> {
  name: string;
  login: string;
  email: string;
  phone: string;
  department_id: string | null;
  role_ids: string[];
  locale: Language;
}

export const userRules = {
  name: rules.required(),
  login: rules.required(),
  email: rules.email(),
  department_id: rules.chosen(),
  role_ids: z.array(z.string()).check(z.minLength(1, "form.required")),
};

/** The writable form of some of the values; empty text fields go as null. */
export const userBody = ({ department_id, email, phone, ...rest }: Partial<UserValues>) => ({
  ...rest,
  ...(department_id ? { department_id } : {}),
  ...(email === undefined ? {} : { email: email || null }),
  ...(phone === undefined ? {} : { phone: phone || null }),
});

/** The fields a person has, in creation and change alike. */
export function UserFields<V extends UserValues>({ form }: { form: ServerForm<V> }) {
  const { t } = useTranslation("admin");
  const departments = useQuery(departmentsQuery).data ?? [];
  const units = useQuery(unitsQuery).data ?? [];
  const roles = useQuery(rolesQuery).data ?? [];
  return (
    <>
      <TextInput label={t("users.name")} required {...form.field("name")} />
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
