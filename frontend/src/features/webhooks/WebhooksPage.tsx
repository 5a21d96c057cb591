import { IconPlus, IconWebhook } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { SimpleTable } from "@/shared/grid";
import { Button, EmptyState, Page, PageHeader, Panel, Text, TextLink, Waiting } from "@/shared/ui";
import { type Webhook, webhooksQuery } from "./queries";
import { SecretOnce } from "./SecretOnce";
import { StateBadge } from "./StateBadge";

const NewWebhook = lazy(() => import("./NewWebhook"));

export function WebhooksPage() {
  const { t } = useTranslation("admin");
  const list = useQuery(webhooksQuery);
  const [creating, setCreating] = useState(false);
  const [made, setMade] = useState<Webhook>();
  const create = (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setCreating(true)}>
      {t("webhooks.add")}
    </Button>
  );
  return (
    <Page width="regular">
      <PageHeader title={t("webhooks.title")} description={t("webhooks.hint")} actions={create} />
      <Panel flush>
        <Waiting query={list} rows={4} />
        {list.data?.length === 0 && (
          <EmptyState
            icon={<IconWebhook size={28} stroke={1.5} />}
            title={t("webhooks.none")}
            actions={create}
          >
            {t("webhooks.none_hint")}
          </EmptyState>
        )}
        {list.data && list.data.length > 0 && (
          <SimpleTable
            label={t("webhooks.title")}
            rows={list.data}
            rowKey={(one) => one.id}
            columns={[
              {
                id: "name",
                header: t("field.name"),
                cell: (one) => (
                  <TextLink to="/settings/webhooks/$id" params={{ id: one.id }}>
                    {one.name}
                  </TextLink>
                ),
              },
              {
                id: "url",
                header: t("webhooks.url"),
                cell: (one) => (
                  <Text size="sm" truncate maw="22rem">
                    {one.url}
                  </Text>
                ),
                wide: true,
              },
              {
                id: "messages",
                header: t("webhooks.messages"),
                cell: (one) => t("webhooks.messages_count", { count: one.messages.length }),
                wide: true,
              },
              { id: "state", header: t("field.state"), cell: (one) => <StateBadge webhook={one} /> },
            ]}
          />
        )}
      </Panel>
      <Suspense>
        {creating && (
          <NewWebhook
            onClose={() => setCreating(false)}
            onCreated={(webhook) => {
              setCreating(false);
              setMade(webhook);
            }}
          />
        )}
      </Suspense>
      {made?.secret && (
        <SecretOnce
          title={t("webhooks.made", { name: made.name })}
          secret={made.secret}
          onClose={() => setMade(undefined)}
        />
      )}
    </Page>
  );
}
