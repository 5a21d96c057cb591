import { IconPlus, IconTrash } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { api, keys, ok } from "@/api";
import { useDictionary, usePeople } from "@/features/customers";
import { Form, FormActions, type ServerForm, useServerForm } from "@/shared/form";
import {
  Button,
  DateField,
  Group,
  IconButton,
  Select,
  SidePanel,
  Stack,
  Text,
  Textarea,
  TextInput,
  toast,
} from "@/shared/ui";
import { KEY_ACCOUNTS, type KeyAccount, keyAccountQuery, LEVELS, patchKeyAccount } from "./queries";

interface Values extends Record<string, unknown> {
  level: string | null;
  review_on: string | null;
  plan: string;
  team: { user_id: string | null; role: string | null }[];
  goals: { title: string; target: string; due_on: string | null; status: string }[];
}

const valuesOf = (account: KeyAccount): Values => ({
  level: account.level ?? null,
  review_on: account.review_on ?? null,
  plan: account.plan ?? "",
  team: account.team.map((one) => ({ user_id: one.user.id, role: one.role })),
  goals: account.goals.map((one) => ({
    title: one.title,
    target: one.target ?? "",
    due_on: one.due_on ?? null,
    status: one.status ?? "open",
  })),
});

const bodyOf = (values: Values) => ({
  level: (values.level || null) as KeyAccount["level"],
  review_on: values.review_on,
  plan: values.plan.trim() || null,
  team: values.team.map((one) => ({ user_id: one.user_id ?? "", role: one.role ?? "" })),
  goals: values.goals.map((one) => ({
    ...one,
    target: one.target.trim() || null,
    status: one.status as KeyAccount["goals"][number]["status"],
  })),
});

/** Level, review, plan, team and goals of a key account. */
export default function KeyAccountEdit({ account, onClose }: { account: KeyAccount; onClose: () => void }) {
  const { t } = useTranslation("keyaccounts");
  const client = useQueryClient();
  const form = useServerForm<Values, KeyAccount>({
    initial: valuesOf(account),
    version: account.version,
    save: (values, version) =>
      patchKeyAccount({ id: account.id, version: version ?? account.version }, bodyOf(values)),
    reload: async () => {
      const now = await ok(api.GET("/key-accounts/{id}", { params: { path: { id: account.id } } }));
      return { values: valuesOf(now), version: now.version };
    },
    onSaved: (saved) => {
      toast.done(t("common:state.saved"));
      client.setQueryData(keyAccountQuery(saved.id).queryKey, saved);
      void client.invalidateQueries({ queryKey: keys.of(KEY_ACCOUNTS) });
      void client.invalidateQueries({ queryKey: keys.one("customers", saved.customer.id) });
      onClose();
    },
  });
  const { values } = form;
  return (
    <SidePanel opened onClose={onClose} title={t("edit", { name: account.customer.name })} size="lg">
      <Form form={form}>
        <Group grow align="flex-start">
          <Select
            label={t("field.level")}
            clearable
            placeholder={t("as_advised")}
            data={LEVELS.map((value) => ({ value, label: t(`level.${value}`) }))}
            {...form.field("level")}
          />
          <DateField
            label={t("field.review_on")}
            clearable
            value={values.review_on}
            onChange={(on) => form.set("review_on", on)}
          />
        </Group>
        <Textarea label={t("plan")} autosize minRows={3} maxRows={12} {...form.field("plan")} />
        <TeamRows form={form} />
        <GoalRows form={form} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </SidePanel>
  );
}

function TeamRows({ form }: { form: ServerForm<Values> }) {
  const { t } = useTranslation("keyaccounts");
  const people = usePeople();
  const roles = useDictionary("account_role");
  const { team } = form.values;
  return (
    <Stack gap={6}>
      <Text component="h3" fw={650} m={0}>
        {t("team")}
      </Text>
      <Text size="sm" c="dimmed">
        {t("team_hint")}
      </Text>
      {team.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <Group key={at} gap="xs" wrap="nowrap" align="flex-start">
          <Select
            style={{ flex: 1 }}
            searchable
            aria-label={t("nth_member", { n: at + 1 })}
            data={people}
            {...form.field(`team.${at}.user_id`)}
          />
          <Select
            style={{ flex: 1 }}
            aria-label={t("nth_role", { n: at + 1 })}
            data={roles.options}
            {...form.field(`team.${at}.role`)}
          />
          <IconButton
            size="lg"
            label={t("remove_member", {
              name: people.find((person) => person.value === one.user_id)?.label ?? at + 1,
            })}
            onClick={() => form.set("team", team.toSpliced(at, 1))}
          >
            <IconTrash size={16} />
          </IconButton>
        </Group>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ alignSelf: "flex-start" }}
        leftSection={<IconPlus size={14} />}
        onClick={() => form.set("team", [...team, { user_id: null, role: roles.options[0]?.value ?? null }])}
      >
        {t("add_member")}
      </Button>
    </Stack>
  );
}

function GoalRows({ form }: { form: ServerForm<Values> }) {
  const { t } = useTranslation("keyaccounts");
  const { goals } = form.values;
  return (
    <Stack gap={6}>
      <Text component="h3" fw={650} m={0}>
        {t("goals")}
      </Text>
      {goals.map((one, at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: rows have no identity but their place
        <Stack key={at} gap={4}>
          <Group gap="xs" wrap="nowrap" align="flex-start">
            <TextInput
              style={{ flex: 1 }}
              aria-label={t("nth_goal", { n: at + 1 })}
              placeholder={t("nth_goal", { n: at + 1 })}
              {...form.field(`goals.${at}.title`)}
            />
            <IconButton
              size="lg"
              label={t("remove_goal", { n: at + 1 })}
              onClick={() => form.set("goals", goals.toSpliced(at, 1))}
            >
              <IconTrash size={16} />
            </IconButton>
          </Group>
          <Group gap="xs" wrap="nowrap" align="flex-start" grow>
            <TextInput
              aria-label={t("nth_target", { n: at + 1 })}
              placeholder={t("nth_target", { n: at + 1 })}
              {...form.field(`goals.${at}.target`)}
            />
            <DateField
              aria-label={t("nth_due", { n: at + 1 })}
              placeholder={t("nth_due", { n: at + 1 })}
              clearable
              value={one.due_on}
              onChange={(due_on) =>
                form.set(
                  "goals",
                  goals.map((goal, place) => (place === at ? { ...goal, due_on } : goal)),
                )
              }
            />
          </Group>
        </Stack>
      ))}
      <Button
        variant="subtle"
        size="compact-sm"
        style={{ alignSelf: "flex-start" }}
        leftSection={<IconPlus size={14} />}
        onClick={() => form.set("goals", [...goals, { title: "", target: "", due_on: null, status: "open" }])}
      >
        {t("add_goal")}
      </Button>
    </Stack>
  );
}
