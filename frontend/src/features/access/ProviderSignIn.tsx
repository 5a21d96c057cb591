import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, session } from "@/api";
import { Form, rules, useServerForm } from "@/shared/form";
import { Alert, Anchor, Button, Divider, Stack, TextInput } from "@/shared/ui";

/** The way to the company's provider and back to `to`; only where there is one. */
export function ProviderButton({ to }: { to: string }) {
  const { t } = useTranslation("access");
  return (
    <Stack gap="md">
      <Divider label={t("sign_in.or")} />
      <Button
        component="a"
        href={`/api/v1/auth/oidc?to=${encodeURIComponent(to)}`}
        size="md"
        variant="default"
        fullWidth
      >
        {t("sign_in.provider")}
      </Button>
    </Stack>
  );
}

/** Why nobody came in that way, as the server said in the address. */
export function ProviderRefusal({ code }: { code: string }) {
  const { t } = useTranslation("access");
  return (
    <Alert color="red" role="alert" variant="light">
      {t([`sign_in.refused.${code}`, "sign_in.refused.other"])}
    </Alert>
  );
}

/** The second step of whom the provider vouched for. */
export function ProviderCode({ onDone }: { onDone: () => void }) {
  const { t } = useTranslation("access");
  const form = useServerForm({
    initial: { code: "" },
    schema: z.object({ code: rules.required() }),
    save: (body) => ok(api.POST("/auth/oidc", { body })),
    onSaved: (answer) => {
      session.adopt(answer);
      onDone();
    },
  });
  return (
    <Form form={form}>
      <TextInput
        size="md"
        label={t("factor.code")}
        description={t("factor.code_or_recovery")}
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        required
        {...form.field("code")}
      />
      <Anchor component={Link} to="/sign-in" size="sm">
        {t("sign_in.other_account")}
      </Anchor>
      <Button size="md" type="submit" loading={form.busy} fullWidth mt="xs">
        {t("sign_in.verify")}
      </Button>
    </Form>
  );
}
