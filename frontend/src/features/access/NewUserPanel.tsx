import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, idempotencyKey, ok } from "@/api";
import { currentLanguage } from "@/app/i18n";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { PasswordInput, SidePanel } from "@/shared/ui";
import { type User, useRefresh } from "./queries";
import { UserFields, type UserValues, userBody, userRules } from "./UserForms";

interface NewProps {
  onClose: () => void;
  onCreated: (user: User) => void;
}

export default function NewUserPanel({ onClose, onCreated }: NewProps) {
  const { t } = useTranslation("admin");
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
      locale: currentLanguage(),
      password: "",
    },
    schema: z.object({
      ...userRules,
      password: z.union([z.literal(""), rules.password()], "form.password_short"),
    }),
    save: ({ password, ...values }) =>
      ok(
        api.POST("/users", {
          params: { header: once },
          body: {
            ...userBody(values),
            name: values.name,
            login: values.login,
            department_id: values.department_id ?? "",
            password: password || undefined,
          },
        }),
      ),
    onSaved: async (user) => {
      await refresh("users", "people");
      onCreated(user);
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={t("users.add")}>
      <Form form={form}>
        <UserFields form={form} />
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
