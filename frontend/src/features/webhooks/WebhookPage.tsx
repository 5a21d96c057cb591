import { IconArrowLeft } from "@tabler/icons-react";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api";
import { useFormat } from "@/shared/format";
import {
  Alert,
  Button,
  Group,
  ListSkeleton,
  Page,
  PageHeader,
  Panel,
  TextLink,
  toast,
  Waiting,
} from "@/shared/ui";
import { DeliveryLog } from "./DeliveryLog";
import { useReread, type Webhook, webhookQuery } from "./queries";
import { SecretOnce } from "./SecretOnce";
import { StateBadge } from "./StateBadge";

const WebhookEditor = lazy(() => import("./WebhookEditor"));
const RenewSecret = lazy(() => import("./RenewSecret"));

export function WebhookPage() {
  const { t } = useTranslation("admin");
  const { id } = useParams({ from: "/_app/settings/webhooks/$id" });
  const webhook = useQuery(webhookQuery(id));
  return (
    <Page width="regular">
      <TextLink to="/settings/webhooks" size="sm">
        <Group gap={4} component="span">
          <IconArrowLeft size={14} aria-hidden="true" />
          {t("webhooks.title")}
        </Group>
      </TextLink>
      <Waiting query={webhook} />
      {webhook.data && (
        <>
          <Head webhook={webhook.data} />
          <Panel>
            <Suspense fallback={<ListSkeleton rows={4} />}>
              <WebhookEditor key={webhook.data.version} webhook={webhook.data} />
            </Suspense>
          </Panel>
          <DeliveryLog webhook={webhook.data} />
        </>
      )}
    </Page>
  );
}

function Head({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const reread = useReread();
  const [renewing, setRenewing] = useState(false);
  const [made, setMade] = useState<string>();
  const ping = useMutation({
    mutationFn: () => ok(api.POST("/webhooks/{id}/ping", { params: { path: { id: webhook.id } } })),
    onSuccess: async () => {
      toast.done(t("webhooks.pinged"));
      await reread();
    },
  });
  return (
    <>
      <PageHeader
        title={webhook.name}
        description={<StateBadge webhook={webhook} />}
        actions={
          <>
            <Button variant="default" onClick={() => setRenewing(true)}>
              {t("webhooks.renew")}
            </Button>
            <Button disabled={!webhook.active} loading={ping.isPending} onClick={() => ping.mutate()}>
              {t("webhooks.ping")}
            </Button>
          </>
        }
      />
      {webhook.stopped_for && (
        <Alert color="red" variant="light" role="alert">
          {t(`webhooks.stopped.${webhook.stopped_for}`)}
        </Alert>
      )}
      {webhook.active && webhook.failing_since && (
        <Alert color="ember" variant="light">
          {t("webhooks.failing_since", { at: f.dateTime(webhook.failing_since) })}
        </Alert>
      )}
      {webhook.previous_secret_until && (
        <Alert color="ember" variant="light">
          {t("webhooks.overlapping", { at: f.dateTime(webhook.previous_secret_until) })}
        </Alert>
      )}
      <Suspense>
        {renewing && (
          <RenewSecret
            webhook={webhook}
            onClose={() => setRenewing(false)}
            onRenewed={(secret) => {
              setRenewing(false);
              setMade(secret);
            }}
          />
        )}
      </Suspense>
      {made && (
        <SecretOnce
          title={t("webhooks.renewed", { name: webhook.name })}
          secret={made}
          onClose={() => setMade(undefined)}
        />
      )}
    </>
  );
}
