import { IconKey, IconPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api";
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
  Page,
  PageHeader,
  Panel,
  Stack,
  Waiting,
} from "@/shared/ui";
import { type ApiKey, apiKeysQuery, useRefresh } from "./queries";

const NewKey = lazy(() => import("./NewKeyPanel"));

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
      <Suspense>
        {creating && (
          <NewKey
            onClose={() => setCreating(false)}
            onCreated={(key) => {
              setCreating(false);
              setMade(key);
            }}
          />
        )}
      </Suspense>
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
