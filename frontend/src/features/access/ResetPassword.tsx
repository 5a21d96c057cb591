import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { Dialog, PasswordInput, toast } from "@/shared/ui";
import type { User } from "./queries";

export default function ResetPassword({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const form = useServerForm({
    initial: { new: "" },
    schema: z.object({ new: rules.password() }),
    save: (values) =>
      ok(api.PUT("/users/{id}/password", { params: { path: { id: user.id } }, body: values })),
    onSaved: () => {
      toast.done(t("users.password_reset", { name: user.name }));
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("users.reset_password")} size="sm">
      <Form form={form}>
        <PasswordInput
          label={t("users.new_password")}
          description={t("users.reset_hint")}
          data-autofocus
          required
          autoComplete="new-password"
          visibilityToggleButtonProps={{ "aria-label": t("users.show_password") }}
          {...form.field("new")}
        />
        <FormActions form={form} onCancel={onClose} verb={t("users.reset_password")} />
      </Form>
    </Dialog>
  );
}
