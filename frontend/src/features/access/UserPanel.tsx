import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, ok } from "@/api";
import { changed, Form, FormActions, useServerForm } from "@/shared/form";
import { Panel, toast } from "@/shared/ui";
import { type User, useRefresh } from "./queries";
import { UserFields, type UserValues, userBody, userRules } from "./UserForms";

const valuesOf = (user: User): UserValues => ({
  name: user.name,
  login: user.login,
  email: user.email ?? "",
  phone: user.phone ?? "",
  department_id: user.department_id,
  role_ids: user.role_ids,
  locale: user.locale,
});

/** What is known of a person's account, changed in place. */
export default function UserPanel({ user, may }: { user: User; may: boolean }) {
  const { t } = useTranslation("admin");
  const refresh = useRefresh();
  const initial = valuesOf(user);
  const form = useServerForm<UserValues, User>({
    initial,
    version: user.version,
    schema: z.object(userRules),
    save: (values, version) =>
      ok(
        api.PATCH("/users/{id}", {
          params: { path: { id: user.id }, header: ifMatch(version) },
          body: userBody(changed(initial, values)),
        }),
      ),
    reload: async () => {
      const now = await ok(api.GET("/users/{id}", { params: { path: { id: user.id } } }));
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: async () => {
      toast.done(t("common:state.saved"));
      await refresh("users", "people");
    },
  });
  return (
    <Panel title={t("users.account")}>
      <Form
        form={form}
        labels={{
          name: t("users.name"),
          login: t("field.login"),
          email: t("field.email"),
          phone: t("field.phone"),
          department_id: t("field.department"),
          role_ids: t("field.roles"),
        }}
      >
        <fieldset disabled={!may} style={{ border: 0, margin: 0, padding: 0, display: "contents" }}>
          <UserFields form={form} />
        </fieldset>
        {may && <FormActions form={form} />}
      </Form>
    </Panel>
  );
}
