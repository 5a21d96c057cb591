import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, idempotencyKey, ok } from "@/api";
import { Form, FormActions, rules, type ServerForm, useServerForm } from "@/shared/form";
import { PasswordInput, SidePanel } from "@/shared/ui";
import { type User, useRefresh } from "./queries";
import { UserFields, type UserValues, userBody, userRules } from "./UserForms";

interface NewProps {
  onClose: () => void;
  onCreated: (user: User) => void;
}

export default function NewUserPanel({ onClose, onCreated }: NewProps) {
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
