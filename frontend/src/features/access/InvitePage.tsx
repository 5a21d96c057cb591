import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, session } from "@/api";
import { Form, rules, useServerForm } from "@/shared/form";
import { Alert, Button, PasswordInput, Stack, Text, Title } from "@/shared/ui";
import { Threshold } from "./Threshold";

/** Behind an invitation link: the new colleague chooses a password and is in. */
export function InvitePage() {
  const { t } = useTranslation("access");
  const navigate = useNavigate();
  const token = useMemo(() => new URLSearchParams(window.location.search).get("token") ?? "", []);
  useEffect(() => {
    document.title = `${t("invite.title")} · Regulars`;
  }, [t]);
  const form = useServerForm({
    initial: { password: "" },
    schema: z.object({ password: rules.password() }),
    save: (values) => ok(api.POST("/invites/acceptance", { body: { token, ...values } })),
    onSaved: (answer) => {
      session.adopt(answer);
      void navigate({ to: "/", replace: true });
    },
  });
  return (
    <Threshold>
      <Stack gap="lg">
        <div>
          <Title order={1}>{t("invite.title")}</Title>
          <Text c="dimmed" mt={4}>
            {t("invite.hint")}
          </Text>
        </div>
        {!token && (
          <Alert color="red" role="alert">
            {t("invite.no_token")}
          </Alert>
        )}
        <Form form={form}>
          <PasswordInput
            size="md"
            label={t("profile.password_new")}
            description={t("user.password_hint")}
            autoComplete="new-password"
            autoFocus
            required
            visibilityToggleButtonProps={{ "aria-label": t("show_password") }}
            {...form.field("password")}
          />
          <Button size="md" type="submit" loading={form.busy} fullWidth disabled={!token}>
            {t("invite.verb")}
          </Button>
        </Form>
      </Stack>
    </Threshold>
  );
}
