import { IconMessage2 } from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, ok } from "@/api";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import {
  Button,
  EmptyState,
  Group,
  Panel,
  SegmentedControl,
  SidePanel,
  Stack,
  Text,
  toast,
  Waiting,
} from "@/shared/ui";
import classes from "./DeliveryLog.module.css";
import {
  type Delivery,
  deliveriesQuery,
  deliveryQuery,
  messagesQuery,
  useReread,
  type Webhook,
} from "./queries";
import { StatusBadge } from "./StateBadge";

const ReplayDialog = lazy(() => import("./ReplayDialog"));

type Attempt = NonNullable<Delivery["last"]>;

/** The HTTP status, or why there was none. */
function useOutcome() {
  const { t } = useTranslation("admin");
  return (one: Attempt | null | undefined) =>
    one
      ? `${one.status ?? t(`webhooks.fault.${one.fault}`)} · ${t("webhooks.ms", { count: one.milliseconds })}`
      : "";
}

/** The messages an endpoint was sent, the newest first, each with what came of it. */
export function DeliveryLog({ webhook }: { webhook: Webhook }) {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const outcome = useOutcome();
  const reread = useReread();
  const [status, setStatus] = useState("all");
  const [open, setOpen] = useState<string>();
  const [replaying, setReplaying] = useState(false);
  const labels = new Map(useQuery(messagesQuery).data?.map((one) => [one.key, one.label]));
  const list = useInfiniteQuery(deliveriesQuery(webhook.id, status === "all" ? undefined : status));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const again = useMutation({
    mutationFn: (id: string) => ok(api.POST("/webhook-deliveries/{id}/replay", { params: { path: { id } } })),
    onSuccess: async () => {
      toast.done(t("webhooks.replayed"));
      await reread();
    },
  });
  return (
    <Panel
      flush
      title={t("webhooks.log")}
      aside={
        <Group gap="xs">
          <SegmentedControl
            size="xs"
            aria-label={t("webhooks.result")}
            value={status}
            onChange={setStatus}
            data={[
              { value: "all", label: t("webhooks.all") },
              { value: "failed", label: t("webhooks.only_failed") },
            ]}
          />
          <Button
            size="compact-sm"
            variant="default"
            disabled={!webhook.active}
            onClick={() => setReplaying(true)}
          >
            {t("webhooks.replay_failed")}
          </Button>
        </Group>
      }
    >
      <Waiting query={list} rows={4} />
      {list.data && items.length === 0 && (
        <EmptyState icon={<IconMessage2 size={28} stroke={1.5} />} title={t("webhooks.log_none")}>
          {t("webhooks.log_none_hint")}
        </EmptyState>
      )}
      {items.length > 0 && (
        <SimpleTable
          label={t("webhooks.log")}
          rows={items}
          rowKey={(one) => one.id}
          columns={[
            {
              id: "message",
              header: t("webhooks.message"),
              cell: (one) => (
                <Button variant="subtle" size="compact-sm" onClick={() => setOpen(one.id)}>
                  {labels.get(one.message) ?? t("webhooks.ping_word")}
                </Button>
              ),
            },
            {
              id: "status",
              header: t("field.state"),
              cell: (one) => <StatusBadge status={one.status} />,
            },
            { id: "result", header: t("webhooks.result"), cell: (one) => outcome(one.last), wide: true },
            { id: "tries", header: t("webhooks.tries"), cell: (one) => f.number(one.attempts), wide: true },
            {
              id: "at",
              header: t("webhooks.when"),
              cell: (one) =>
                one.next_at
                  ? t("webhooks.again_at", { at: f.dateTime(one.next_at) })
                  : f.dateTime(one.created_at),
              wide: true,
            },
            {
              id: "again",
              header: "",
              align: "right",
              cell: (one) =>
                webhook.active && (
                  <Button size="compact-sm" variant="default" onClick={() => again.mutate(one.id)}>
                    {t("webhooks.replay")}
                  </Button>
                ),
            },
          ]}
        />
      )}
      {list.hasNextPage && (
        <Group justify="center" p="sm">
          <Button
            variant="subtle"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {t("webhooks.more")}
          </Button>
        </Group>
      )}
      {open && <DeliveryPanel id={open} onClose={() => setOpen(undefined)} />}
      <Suspense>
        {replaying && <ReplayDialog webhook={webhook} onClose={() => setReplaying(false)} />}
      </Suspense>
    </Panel>
  );
}

function pretty(body: string): string {
  try {
    return JSON.stringify(JSON.parse(body), null, 2);
  } catch {
    return body;
  }
}

/** One message: what was sent, and every answer. */
function DeliveryPanel({ id, onClose }: { id: string; onClose: () => void }) {
  const { t } = useTranslation("admin");
  const f = useFormat();
  const outcome = useOutcome();
  const query = useQuery(deliveryQuery(id));
  const one = query.data;
  return (
    <SidePanel opened onClose={onClose} title={t("webhooks.message")} size="lg">
      <Waiting query={query} rows={4} />
      {one && (
        <Stack>
          <Group gap="xs">
            <StatusBadge status={one.status} />
            <Text size="sm" c="dimmed" className={classes.id}>
              {one.message_id}
            </Text>
          </Group>
          {one.status === "withheld" && <Text size="sm">{t("webhooks.withheld_hint")}</Text>}
          <section aria-labelledby="request">
            <h3 id="request" className={classes.heading}>
              {t("webhooks.request")}
            </h3>
            {one.body ? (
              // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
              <pre className={classes.text} tabIndex={0}>
                {pretty(one.body)}
              </pre>
            ) : (
              <Text size="sm">{t("webhooks.no_body")}</Text>
            )}
          </section>
          {one.tries.map((attempt) => (
            <section key={attempt.number} aria-labelledby={`try-${attempt.number}`}>
              <h3 id={`try-${attempt.number}`} className={classes.heading}>
                {f.dateTime(attempt.at)} · {outcome(attempt)}
              </h3>
              {attempt.answer && (
                // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
                <pre className={classes.text} tabIndex={0}>
                  {attempt.answer}
                </pre>
              )}
            </section>
          ))}
        </Stack>
      )}
    </SidePanel>
  );
}
