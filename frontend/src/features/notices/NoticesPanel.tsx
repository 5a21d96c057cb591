/** Everything one was told, the newest first; what is opened is read. */
import {
  IconBell,
  IconBellRinging,
  IconChecklist,
  IconDroplet,
  IconUserCheck,
  type TablerIcon,
} from "@tabler/icons-react";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { useFormat } from "@/shared/format";
import { Button, EmptyState, Group, SidePanel, Switch, toast, VisuallyHidden, Waiting } from "@/shared/ui";
import classes from "./Notices.module.css";
import { type Notice, type NoticeKind, noticesQuery, readNotice, readNotices } from "./queries";
import { useNoticeWords } from "./useNoticeWords";

const ICONS: Record<NoticeKind, TablerIcon> = {
  task_reminder: IconBellRinging,
  task_given: IconChecklist,
  discipline: IconUserCheck,
  unit_discipline: IconUserCheck,
  pool_warning: IconDroplet,
  pool_recycled: IconDroplet,
};

export default function NoticesPanel({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("notices");
  const client = useQueryClient();
  const router = useRouter();
  const [unread, setUnread] = useState(false);
  const list = useInfiniteQuery(noticesQuery(unread));
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  const settled = {
    onSettled: () => client.invalidateQueries({ queryKey: keys.of("notices") }),
    onError: toast.problem,
  };
  const read = useMutation({ mutationFn: (notice: Notice) => readNotice(notice.id), ...settled });
  const readAll = useMutation({ mutationFn: (newest: Notice) => readNotices(newest.id), ...settled });
  const newest = items[0];
  const open = (notice: Notice) => {
    if (!notice.read_at) read.mutate(notice);
    if (!notice.link) return;
    router.history.push(notice.link);
    onClose();
  };
  return (
    <SidePanel opened onClose={onClose} title={t("title")}>
      <Group justify="space-between" mb="sm">
        <Switch
          label={t("unread_only")}
          checked={unread}
          onChange={(event) => setUnread(event.currentTarget.checked)}
        />
        <Button
          variant="default"
          size="compact-md"
          disabled={!newest || items.every((one) => one.read_at)}
          loading={readAll.isPending}
          onClick={() => newest && readAll.mutate(newest)}
        >
          {t("read_all")}
        </Button>
      </Group>
      <Waiting query={list} />
      {list.data && items.length === 0 && (
        <EmptyState icon={<IconBell size={28} stroke={1.5} />} title={t(unread ? "none_unread" : "empty")}>
          {t("empty_hint")}
        </EmptyState>
      )}
      {items.length > 0 && (
        <ul className={classes.list} aria-label={t("title")}>
          {items.map((notice) => (
            <Row key={notice.id} notice={notice} onOpen={() => open(notice)} />
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <Button
          variant="subtle"
          fullWidth
          loading={list.isFetchingNextPage}
          onClick={() => void list.fetchNextPage()}
        >
          {t("more")}
        </Button>
      )}
    </SidePanel>
  );
}

function Row({ notice, onOpen }: { notice: Notice; onOpen: () => void }) {
  const { t } = useTranslation("notices");
  const f = useFormat();
  const { title, detail } = useNoticeWords()(notice);
  const Icon = ICONS[notice.kind] ?? IconBell;
  return (
    <li className={classes.item} data-unread={notice.read_at ? undefined : true}>
      <Icon size={18} stroke={1.6} aria-hidden="true" className={classes.icon} />
      <button type="button" className={classes.words} onClick={onOpen}>
        {!notice.read_at && <VisuallyHidden>{t("unread")} </VisuallyHidden>}
        <span className={classes.title}>{title}</span>
        <span className={classes.sub} title={f.dateTime(notice.created_at)}>
          {[detail, f.ago(notice.created_at)].filter(Boolean).join(" · ")}
        </span>
      </button>
    </li>
  );
}
