import { useMutation, useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, isProblem, ok, session } from "@/api";
import { Form, rules, type ServerForm, useServerForm } from "@/shared/form";
import { Alert, Anchor, Button, PasswordInput, Stack, Text, TextInput, Title } from "@/shared/ui";
import { ProviderButton, ProviderCode, ProviderRefusal } from "./ProviderSignIn";
import { Threshold } from "./Threshold";

/** Only paths of this app: never another site's address. */
const insideApp = (next: string | undefined) =>
  next?.startsWith("/") && !next.startsWith("//") ? next : "/";

export function SignInPage() {
  const { t } = useTranslation("access");
  const navigate = useNavigate();
  const { next, refused, oidc } = useSearch({ from: "/sign-in" });
  // The password was right and a code is wanted too.
  const [asked, setAsked] = useState(false);
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
    else if (next === undefined && !oidc && !refused) restore.mutate();
  }, []);

  const form = useServerForm({
    initial: { login: "", password: "", code: "" },
    schema: z.object({
      login: rules.required(),
      password: z.string().check(z.minLength(1, "form.required")),
    }),
    save: async ({ code, ...values }) => {
      try {
        return await ok(
          api.POST("/auth/sessions", { body: { ...values, code: code || null, client: "browser" } }),
        );
      } catch (problem) {
        if (!isProblem(problem, "second_factor_needed")) throw problem;
        setAsked(true);
        return undefined;
      }
    },
    onSaved: (answer) => {
      if (!answer) return;
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
        {refused && <ProviderRefusal code={refused} />}
        {oidc ? (
          <ProviderCode onDone={go} />
        ) : (
          <>
            <Form form={form}>
              {asked && <SecondStep form={form} onBack={() => setAsked(false)} />}
              <TextInput
                size="md"
                display={asked ? "none" : undefined}
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
                display={asked ? "none" : undefined}
                label={t("user.password")}
                autoComplete="current-password"
                required
                visibilityToggleButtonProps={{ "aria-label": t("show_password") }}
                {...form.field("password")}
              />
              <Button size="md" type="submit" loading={form.busy} fullWidth mt="xs">
                {t(asked ? "sign_in.verify" : "sign_in.verb")}
              </Button>
            </Form>
            {setup.data?.oidc && !asked && <ProviderButton to={insideApp(next)} />}
          </>
        )}
        <Text size="sm" c="dimmed">
          {t("sign_in.forgot")}
        </Text>
      </Stack>
    </Threshold>
  );
}

type SignInForm = ServerForm<{ login: string; password: string; code: string }>;

/** The second step: a code of the app, or one of the codes kept for the day the phone is gone. */
function SecondStep({ form, onBack }: { form: SignInForm; onBack: () => void }) {
  const { t } = useTranslation("access");
  return (
    <>
      <TextInput
        size="md"
        label={t("factor.code")}
        description={t("factor.code_or_recovery")}
        autoComplete="one-time-code"
        autoCapitalize="none"
        spellCheck={false}
        autoFocus
        {...form.field("code")}
      />
      <Anchor
        component="button"
        type="button"
        size="sm"
        onClick={() => {
          form.set("code", "");
          onBack();
        }}
      >
        {t("sign_in.other_account")}
      </Anchor>
    </>
  );
}
