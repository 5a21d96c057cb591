import { useQuery } from "@tanstack/react-query";
import { useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, session } from "@/api";
import { currentLanguage } from "@/app/i18n";
import { Form, rules, useServerForm } from "@/shared/form";
import {
  Alert,
  Button,
  ButtonLink,
  Divider,
  Group,
  PasswordInput,
  Select,
  Stack,
  Text,
  TextInput,
  Title,
} from "@/shared/ui";
import { CURRENCIES, localeOptions, timeZones } from "./choices";
import { Threshold } from "./Threshold";

/** The one-time page behind the link that `serve` prints on an empty database. */
export function SetupPage() {
  const { t } = useTranslation("access");
  const navigate = useNavigate();
  // Read from the address itself: the router would take a token that looks like a number for one.
  const token = useMemo(() => new URLSearchParams(window.location.search).get("token") ?? "", []);
  const setup = useQuery({
    queryKey: ["setup"],
    queryFn: ({ signal }) => ok(api.GET("/setup", { signal })),
    staleTime: 0,
  });
  useEffect(() => {
    document.title = `${t("setup.title")} · Regulars`;
  }, [t]);

  const form = useServerForm({
    initial: {
      company_name: "",
      unit_name: "",
      person_name: "",
      login: "",
      password: "",
      locale: currentLanguage(),
      time_zone: "Asia/Shanghai",
      currency: "CNY",
    },
    schema: z.object({
      company_name: rules.required(),
      unit_name: rules.required(),
      person_name: rules.required(),
      login: rules.required(),
      password: rules.password(),
    }),
    save: (values) => ok(api.POST("/setup", { body: { token, ...values } })),
    onSaved: (answer) => {
      session.adopt(answer);
      void navigate({ to: "/" });
    },
  });

  if (setup.data?.needed === false) {
    return (
      <Threshold>
        <Stack>
          <Title order={1}>{t("setup.done_title")}</Title>
          <Text c="dimmed">{t("setup.done_body")}</Text>
          <ButtonLink to="/sign-in">{t("sign_in.verb")}</ButtonLink>
        </Stack>
      </Threshold>
    );
  }
  return (
    <Threshold>
      <Stack gap="lg">
        <div>
          <Title order={1}>{t("setup.title")}</Title>
          <Text c="dimmed" mt={4}>
            {t("setup.hint")}
          </Text>
        </div>
        {!token && (
          <Alert color="red" role="alert">
            {t("setup.no_token")}
          </Alert>
        )}
        <Form form={form}>
          <TextInput label={t("setup.company")} required autoFocus {...form.field("company_name")} />
          <TextInput
            label={t("setup.unit")}
            description={t("setup.unit_hint")}
            required
            {...form.field("unit_name")}
          />
          <Group grow align="flex-start">
            <Select
              label={t("settings.currency")}
              data={CURRENCIES}
              searchable
              allowDeselect={false}
              {...form.field("currency")}
            />
            <Select
              label={t("settings.locale")}
              data={localeOptions}
              allowDeselect={false}
              {...form.field("locale")}
            />
          </Group>
          <Select
            label={t("settings.time_zone")}
            data={timeZones()}
            searchable
            allowDeselect={false}
            {...form.field("time_zone")}
          />
          <Divider label={t("setup.first_person")} labelPosition="left" />
          <TextInput label={t("user.name")} autoComplete="name" required {...form.field("person_name")} />
          <TextInput label={t("user.login")} autoComplete="username" required {...form.field("login")} />
          <PasswordInput
            label={t("user.password")}
            description={t("user.password_hint")}
            autoComplete="new-password"
            required
            visibilityToggleButtonProps={{ "aria-label": t("show_password") }}
            {...form.field("password")}
          />
          <Button size="md" type="submit" loading={form.busy} fullWidth mt="xs" disabled={!token}>
            {t("setup.verb")}
          </Button>
        </Form>
      </Stack>
    </Threshold>
  );
}
