import {
  IconCalendarEvent,
  IconDots,
  IconHistory,
  IconMail,
  IconMessage,
  IconNote,
  IconPhone,
  IconUsers,
  IconWalk,
} from "@tabler/icons-react";
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { useFormat } from "@/shared/format";
import {
  Button,
  Chip,
  ConfirmDelete,
  EmptyState,
  Group,
  IconButton,
  Menu,
  Panel,
  Waiting,
} from "@/shared/ui";
import { Composer } from "./Composer";
import { deleteInteraction, readInteraction } from "./commands";
import { timelineQuery } from "./queries";
import classes from "./TimelinePanel.module.css";
import type { Customer, TimelineItem } from "./types";

const ICONS: Record<TimelineItem["kind"], typeof IconNote> = {
  note: IconNote,
  call: IconPhone,
  visit: IconWalk,
  meeting: IconUsers,
  message: IconMessage,
  mail: IconMail,
  event: IconCalendarEvent,
};
const FILTERS = ["note", "call", "visit", "meeting", "message", "event"];

const EditEntry = lazy(() => import("./EditEntry"));

interface Props {
  customer: Customer;
  /** The newest entries, known from the card. */
  first: TimelineItem[];
  mayWrite: boolean;
}

/** Everything that happened with a customer, newest first, and where the next thing is written down. */
export function TimelinePanel({ customer, first, mayWrite }: Props) {
  const { t } = useTranslation("customers");
  const [kinds, setKinds] = useState<string[]>([]);
  const timeline = useInfiniteQuery({
    ...timelineQuery(customer.id, kinds),
    placeholderData:
      kinds.length === 0
        ? { pages: [{ items: first, next_cursor: null }], pageParams: [undefined] }
        : (before) => before,
  });
  const items = timeline.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title={t("timeline")} flush>
      {mayWrite && <Composer customer={customer.id} />}
      <Chip.Group multiple value={kinds} onChange={setKinds}>
        <Group gap={6} className={classes.filters} role="group" aria-label={t("timeline_filter")}>
          {FILTERS.map((kind) => (
            <Chip key={kind} value={kind} size="xs" variant="light">
              {t(`interaction.${kind}`)}
            </Chip>
          ))}
        </Group>
      </Chip.Group>
      <Waiting query={timeline} rows={5} />
      {timeline.isSuccess && items.length === 0 && (
        <EmptyState icon={<IconHistory size={28} stroke={1.5} />} title={t("timeline_empty")}>
          {t("timeline_empty_hint")}
        </EmptyState>
      )}
      <ol className={classes.list} data-stale={timeline.isPlaceholderData || undefined}>
        {items.map((item) => (
          <Entry key={`${item.kind}${item.id}`} item={item} customer={customer.id} />
        ))}
      </ol>
      {timeline.hasNextPage && (
        <div className={classes.more}>
          <Button
            variant="subtle"
            loading={timeline.isFetchingNextPage}
            onClick={() => void timeline.fetchNextPage()}
          >
            {t("timeline_more")}
          </Button>
        </div>
      )}
    </Panel>
  );
}

function Entry({ item, customer }: { item: TimelineItem; customer: string }) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const client = useQueryClient();
  const [doing, setDoing] = useState<"edit" | "delete">();
  const Icon = ICONS[item.kind];
  const interaction = item.source?.resource === "interaction" ? item.source.id : item.id;
  const read = () => readInteraction(interaction);
  const remove = async () => {
    await deleteInteraction(await read());
    await client.invalidateQueries({ queryKey: keys.one("customers", customer) });
  };
  return (
    <li className={classes.entry}>
      <span className={classes.icon} data-kind={item.kind} aria-hidden="true">
        <Icon size={16} stroke={1.7} />
      </span>
      <div className={classes.words}>
        <div className={classes.head}>
          <span className={classes.title}>{item.title}</span>
          <time className={classes.when} dateTime={item.at} title={f.dateTime(item.at)}>
            {f.ago(item.at)}
          </time>
        </div>
        {item.body && <div className={classes.body}>{item.body}</div>}
        {item.actor?.name && <div className={classes.actor}>{item.actor.name}</div>}
      </div>
      {item.editable && (
        <Menu
          position="bottom-end"
          target={
            <IconButton label={t("entry_menu")}>
              <IconDots size={16} />
            </IconButton>
          }
        >
          {({ Item }) => (
            <>
              <Item onClick={() => setDoing("edit")}>{t("common:action.edit")}</Item>
              <Item color="red" onClick={() => setDoing("delete")}>
                {t("common:action.delete")}
              </Item>
            </>
          )}
        </Menu>
      )}
      <Suspense>
        {doing === "edit" && (
          <EditEntry
            item={item}
            read={read}
            onClose={() => setDoing(undefined)}
            onSaved={() => {
              setDoing(undefined);
              void client.invalidateQueries({ queryKey: keys.one("customers", customer) });
            }}
          />
        )}
      </Suspense>
      <ConfirmDelete
        opened={doing === "delete"}
        onClose={() => setDoing(undefined)}
        title={t("delete_entry")}
        onConfirm={remove}
      >
        {item.body || item.title}
      </ConfirmDelete>
    </li>
  );
}
