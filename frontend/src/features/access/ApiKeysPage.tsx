import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { api, ok, useMe } from "@/api";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import {
  Alert,
  Badge,
  Button,
  Confirm,
  CopyField,
  Dialog,
  EmptyState,
  MultiSelect,
  Page,
  PageHeader,
  Panel,
  SidePanel,
  Stack,
  TextInput,
  Waiting,
} from "@/shared/ui";
import { type ApiKey, apiKeysQuery, permissionsQuery, useRefresh } from "./queries";

const DateField = lazy(() => import("@/shared/ui/dates").then((module) => ({ default: module.DateField })));

export function ApiKeysPage() {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const refresh = useRefresh();
  const list = useQuery(apiKeysQuery);
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<ApiKey>();
  const [revoking, setRevoking] = useState<ApiKey>();
  const create = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
      {t("keys.add")}
    </Button>
  );
  const state = (key: ApiKey) => {
    if (key.revoked_at) return { color: "gray", text: t("keys.revoked") };
    if (key.expires_at && new Date(key.expires_at) < new Date())
      return { color: "gray", text: t("keys.expired") };
    return { color: "pine", text: t("keys.valid") };
  };
  return (
    <Page width="regular">
      <PageHeader title={t("keys.title")} description={t("keys.hint")} actions={create} />
      <Panel flush>
        <Waiting query={list} rows={4} />
        {list.data?.length === 0 && (
          <EmptyState icon={<IconKey size={28} stroke={1.5} />} title={t("keys.none")} actions={create}>
            {t("keys.none_hint")}
          </EmptyState>
        )}
        {list.data && list.data.length > 0 && (
          <SimpleTable
            label={t("keys.title")}
            rows={list.data}
            rowKey={(key) => key.id}
            columns={[
              { id: "name", header: t("field.name"), cell: (key) => <strong>{key.name}</strong> },
              {
                id: "prefix",
                header: t("keys.prefix"),
                cell: (key) => <code>{key.prefix}…</code>,
                wide: true,
              },
              {
                id: "state",
                header: t("field.state"),
                cell: (key) => (
                  <Badge variant="light" color={state(key).color}>
                    {state(key).text}
                  </Badge>
                ),
              },
              { id: "expires", header: t("keys.expires"), cell: (key) => f.date(key.expires_at), wide: true },
              {
                id: "used",
                header: t("keys.last_used"),
                cell: (key) => (key.last_used_at ? f.ago(key.last_used_at) : t("keys.never")),
                wide: true,
              },
              {
                id: "revoke",
                header: "",
                align: "right",
                cell: (key) =>
                  !key.revoked_at && (
                    <Button size="compact-sm" variant="default" onClick={() => setRevoking(key)}>
                      {t("keys.revoke")}
                    </Button>
                  ),
              },
            ]}
          />
        )}
      </Panel>
      {creating && (
        <NewKey
          onClose={() => setCreating(false)}
          onCreated={(key) => {
            setCreating(false);
            setMade(key);
          }}
        />
      )}
      {made?.key && (
        <Dialog
          opened
          onClose={() => setMade(undefined)}
          title={t("keys.made", { name: made.name })}
          size="lg"
        >
          <Stack>
            <Alert color="ember" variant="light">
              {t("keys.once")}
            </Alert>
            <CopyField label={t("keys.secret")} value={made.key} />
          </Stack>
        </Dialog>
      )}
      <Confirm
        opened={revoking !== undefined}
        onClose={() => setRevoking(undefined)}
        title={t("keys.revoke_title", { name: revoking?.name })}
        verb={t("keys.revoke")}
        danger
        onConfirm={async () => {
          if (revoking) await ok(api.DELETE("/api-keys/{id}", { params: { path: { id: revoking.id } } }));
          await refresh("api-keys");
        }}
      >
        {t("keys.revoke_body")}
      </Confirm>
    </Page>
  );
}

function NewKey({ onClose, onCreated }: { onClose: () => void; onCreated: (key: ApiKey) => void }) {
  const { t } = useTranslation("admin");
  const me = useMe();
  const refresh = useRefresh();
  const labels = new Map(useQuery(permissionsQuery).data?.map((one) => [one.key, one.label]));
  const form = useServerForm({
    initial: { name: "", permissions: [] as string[], expires_on: null as string | null },
    schema: z.object({
      name: rules.required(),
      permissions: z.array(z.string()).check(z.minLength(1, "form.required")),
    }),
    save: ({ expires_on, ...values }) =>
      ok(
        api.POST("/api-keys", {
          body: { ...values, ...(expires_on ? { expires_at: `${expires_on}T00:00:00Z` } : {}) },
        }),
      ),
    onSaved: async (key) => {
      await refresh("api-keys");
      onCreated(key);
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={t("keys.add")}>
      <Form form={form}>
        <TextInput
          label={t("field.name")}
          description={t("keys.name_hint")}
          required
          data-autofocus
          {...form.field("name")}
        />
        <MultiSelect
          label={t("keys.permissions")}
          description={t("keys.permissions_hint")}
          required
          searchable
          data={me.permissions.map((value) => ({ value, label: labels.get(value) ?? value }))}
          {...form.field("permissions")}
        />
        <Suspense>
          <DateField
            label={t("keys.expires")}
            description={t("keys.expires_hint")}
            value={form.values.expires_on}
            onChange={(value) => form.set("expires_on", value)}
            error={form.state.errors.expires_on}
          />
        </Suspense>
        <FormActions form={form} onCancel={onClose} verb={t("common:action.create")} />
      </Form>
    </SidePanel>
  );
}
