import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, session } from "@/api";
import { Form, rules, useServerForm } from "@/shared/form";
import { Alert, Button, PasswordInput, Stack, Text, TextInput, Title } from "@/shared/ui";
import { Threshold } from "./Threshold";

/** Only paths of this app: never another site's address. */
const insideApp = (next: string | undefined) =>
  next?.startsWith("/") && !next.startsWith("//") ? next : "/";

export function SignInPage() {
  const { t } = useTranslation("access");
  const navigate = useNavigate();
  const { next } = useSearch({ from: "/sign-in" });
  const go = () => void navigate({ to: insideApp(next), replace: true } as never);

  const setup = useQuery({
    queryKey: ["setup"],
    queryFn: ({ signal }) => ok(api.GET("/setup", { signal })),
    staleTime: 0,
  });
  // A cookie from before may still be good: whoever opens /sign-in by habit goes straight in.
  const restore = useMutation({
    mutationFn: () => session.refresh(),
    onSuccess: (good) => good && go(),
    meta: { quiet: true },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, on arrival
  useEffect(() => {
    document.title = `${t("sign_in.title")} · Regulars`;
    if (session.me()) go();
    else if (next === undefined) restore.mutate();
  }, []);

  const form = useServerForm({
    initial: { login: "", password: "" },
    schema: z.object({
      login: rules.required(),
      password: z.string().check(z.minLength(1, "form.required")),
    }),
    save: (values) => ok(api.POST("/auth/sessions", { body: { ...values, client: "browser" } })),
    onSaved: (answer) => {
      session.adopt(answer);
      go();
    },
  });

  return (
    <Threshold>
      <Stack gap="lg">
        <div>
          <Title order={1}>{t("sign_in.title")}</Title>
          <Text c="dimmed" mt={4}>
            {t("sign_in.hint")}
          </Text>
        </div>
        {setup.data?.needed && (
          <Alert color="ember" variant="light" title={t("sign_in.setup_title")}>
            {t("sign_in.setup_body")}
          </Alert>
        )}
        <Form form={form}>
          <TextInput
            size="md"
            label={t("user.login")}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
            autoFocus
            required
            {...form.field("login")}
          />
          <PasswordInput
            size="md"
            label={t("user.password")}
            autoComplete="current-password"
            required
            visibilityToggleButtonProps={{ "aria-label": t("show_password") }}
            {...form.field("password")}
          />
          <Button size="md" type="submit" loading={form.busy} fullWidth mt="xs">
            {t("sign_in.verb")}
          </Button>
        </Form>
        <Text size="sm" c="dimmed">
          {t("sign_in.forgot")}
        </Text>
      </Stack>
    </Threshold>
  );
}
