import { IconDeviceDesktop, IconDeviceMobile } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ifMatch, keys, type Me, ok, type Schema, session, useMe } from "@/api";
import { setLanguage } from "@/app/i18n";
import { type Preferences, preferencesOf, THEMES } from "@/app/preferences";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import { useFormat } from "@/shared/format";
import {
  Badge,
  Button,
  Group,
  Page,
  PageHeader,
  Panel,
  PasswordInput,
  SegmentedControl,
  Stack,
  Switch,
  Text,
  TextInput,
  toast,
  useColorScheme,
  Waiting,
} from "@/shared/ui";
import { CalendarFeedPanel } from "./CalendarFeedPanel";
import { localeOptions } from "./choices";
import { deviceWords } from "./devices";
import { SecondFactorPanel } from "./SecondFactorPanel";

export function ProfilePage() {
  const { t } = useTranslation("access");
  const { second_factor, permissions } = useMe();
  const due = second_factor.required && !second_factor.enabled;
  return (
    <Page width="narrow">
      <PageHeader title={t("profile.title")} description={t("profile.hint")} />
      {due && <SecondFactorPanel />}
      <PreferencesPanel />
      <PersonPanel />
      <PasswordPanel />
      {!due && <SecondFactorPanel />}
      {permissions.includes("activities:task:read") && <CalendarFeedPanel />}
      <SessionsPanel />
    </Page>
  );
}

async function patchMe(body: Schema<"MeInputPatch">): Promise<Me> {
  const version = session.me()?.version ?? 0;
  const me = await ok(api.PATCH("/me", { params: { header: ifMatch(version) }, body }));
  session.adoptMe(me);
  return me;
}

function PreferencesPanel() {
  const { t } = useTranslation("access");
  const me = useMe();
  const { setColorScheme } = useColorScheme();
  // One after the other: each needs the version the one before it made.
  const save = useMutation({ mutationFn: patchMe, scope: { id: "me" } });
  const prefer = (change: Preferences) => save.mutate({ preferences: { ...change } });
  const chosen = preferencesOf(me);
  return (
    <Panel title={t("profile.preferences")}>
      <Stack gap="md">
        <Group justify="space-between">
          <Text id="language-label">{t("language")}</Text>
          <SegmentedControl
            aria-labelledby="language-label"
            value={me.locale}
            data={localeOptions}
            onChange={(locale) => {
              void setLanguage(locale);
              save.mutate({ locale });
            }}
          />
        </Group>
        <Group justify="space-between">
          <Text id="theme-label">{t("profile.theme")}</Text>
          <SegmentedControl
            aria-labelledby="theme-label"
            value={chosen.theme ?? "auto"}
            data={THEMES.map((value) => ({ value, label: t(`profile.theme_${value}`) }))}
            onChange={(theme) => {
              setColorScheme(theme);
              prefer({ theme });
            }}
          />
        </Group>
        <Switch
          labelPosition="left"
          styles={{ body: { justifyContent: "space-between" } }}
          label={t("profile.shortcuts")}
          description={t("profile.shortcuts_hint")}
          checked={chosen.shortcuts !== false}
          onChange={(event) => prefer({ shortcuts: event.currentTarget.checked })}
        />
      </Stack>
    </Panel>
  );
}

function PersonPanel() {
  const { t } = useTranslation("access");
  const me = useMe();
  const initial = { name: me.name, email: me.email ?? "" };
  const form = useServerForm({
    initial,
    schema: z.object({ name: rules.required(), email: rules.email() }),
    save: (values) => {
      const { email, ...rest } = changed(initial, values);
      return patchMe({ ...rest, ...(email === undefined ? {} : { email: email || null }) });
    },
    onSaved: () => toast.done(t("common:state.saved")),
  });
  return (
    <Panel title={t("profile.person")}>
      <Form form={form}>
        <TextInput label={t("user.name")} required {...form.field("name")} />
        <TextInput label={t("user.email")} type="email" {...form.field("email")} />
        <Text size="sm" c="dimmed">
          {[me.login, me.unit?.name, me.department?.name, me.roles.map((role) => role.name).join(" / ")]
            .filter(Boolean)
            .join(" · ")}
        </Text>
        <FormActions form={form} />
      </Form>
    </Panel>
  );
}

function PasswordPanel() {
  const { t } = useTranslation("access");
  const form = useServerForm({
    initial: { current: "", new: "" },
    schema: z.object({
      current: z.string().check(z.minLength(1, "form.required")),
      new: rules.password(),
    }),
    save: (values) => ok(api.PUT("/me/password", { body: values })),
    onSaved: () => {
      form.state.reset();
      toast.done(t("profile.password_changed"));
    },
  });
  return (
    <Panel title={t("profile.password")}>
      <Form form={form}>
        <PasswordInput
          label={t("profile.password_current")}
          autoComplete="current-password"
          required
          visibilityToggleButtonProps={{ "aria-label": t("show_password") }}
          {...form.field("current")}
        />
        <PasswordInput
          label={t("profile.password_new")}
          description={t("user.password_hint")}
          autoComplete="new-password"
          required
          visibilityToggleButtonProps={{ "aria-label": t("show_password") }}
          {...form.field("new")}
        />
        <FormActions form={form} verb={t("profile.password_verb")} />
      </Form>
    </Panel>
  );
}

function SessionsPanel() {
  const { t } = useTranslation("access");
  const f = useFormat();
  const client = useQueryClient();
  const sessions = useQuery({
    queryKey: keys.list("my-sessions"),
    queryFn: ({ signal }) => ok(api.GET("/me/sessions", { signal })),
  });
  const refresh = () => client.invalidateQueries({ queryKey: keys.of("my-sessions") });
  const end = useMutation({
    mutationFn: (id: string) => ok(api.DELETE("/me/sessions/{id}", { params: { path: { id } } })),
    onSuccess: refresh,
  });
  const endOthers = useMutation({
    mutationFn: () => ok(api.DELETE("/me/sessions", {})),
    onSuccess: refresh,
  });
  const items = sessions.data?.items ?? [];
  return (
    <Panel
      title={t("profile.sessions")}
      aside={
        items.length > 1 && (
          <Button variant="subtle" size="compact-sm" onClick={() => endOthers.mutate()}>
            {t("profile.end_others")}
          </Button>
        )
      }
    >
      <Waiting query={sessions} rows={2} />
      <Stack gap="sm" component="ul" p={0} m={0} style={{ listStyle: "none" }}>
        {items.map((one) => (
          <Group key={one.id} component="li" wrap="nowrap" gap="sm">
            {one.client === "device" ? (
              <IconDeviceMobile size={20} stroke={1.5} />
            ) : (
              <IconDeviceDesktop size={20} stroke={1.5} />
            )}
            <div style={{ flex: 1, minWidth: 0 }}>
              <Text fw={500} truncate>
                {deviceWords(one)}
              </Text>
              <Text size="sm" c="dimmed">
                {[one.address, t("profile.last_used", { when: f.ago(one.last_used_at ?? one.created_at) })]
                  .filter(Boolean)
                  .join(" · ")}
              </Text>
            </div>
            {one.current ? (
              <Badge variant="light">{t("profile.this_one")}</Badge>
            ) : (
              <Button variant="default" size="compact-sm" onClick={() => end.mutate(one.id)}>
                {t("profile.end")}
              </Button>
            )}
          </Group>
        ))}
      </Stack>
    </Panel>
  );
}
