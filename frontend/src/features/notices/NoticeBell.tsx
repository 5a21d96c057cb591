/** The bell: how much is unread. What comes while the page is open is said at once. */
import { IconBell } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import { toast } from "@/shared/ui";
import classes from "./Notices.module.css";
import { newestNotice, unreadQuery } from "./queries";
import { useNoticeWords } from "./useNoticeWords";

const NoticesPanel = lazy(() => import("./NoticesPanel"));

/** More than this is told as "99+". */
const MOST = 99;

export function NoticeBell() {
  const { t } = useTranslation("notices");
  const [opened, setOpened] = useState(false);
  const unread = useQuery(unreadQuery).data?.unread;
  useNews(unread);
  const count = unread ?? 0;
  return (
    <>
      <button
        type="button"
        className={classes.bell}
        aria-haspopup="dialog"
        aria-label={count > 0 ? t("bell", { count }) : t("title")}
        title={t("title")}
        onClick={() => setOpened(true)}
      >
        <IconBell size={20} stroke={1.6} aria-hidden="true" />
        {count > 0 && (
          <span className={classes.count} aria-hidden="true">
            {count > MOST ? `${MOST}+` : count}
          </span>
        )}
      </button>
      <Suspense>{opened && <NoticesPanel onClose={() => setOpened(false)} />}</Suspense>
    </>
  );
}

/** Says the newest notice when there are more than there were. */
function useNews(unread: number | undefined) {
  const { t } = useTranslation("notices");
  const words = useNoticeWords();
  const router = useRouter();
  const before = useRef(unread);
  useEffect(() => {
    const known = before.current;
    before.current = unread;
    if (known === undefined || unread === undefined || unread <= known) return;
    newestNotice()
      .then((notice) => {
        if (!notice) return;
        const { title } = words(notice);
        const { link } = notice;
        if (link) toast.action(title, t("open"), () => router.history.push(link));
        else toast.done(title);
      })
      // The bell has told of it already.
      .catch(() => undefined);
  }, [unread, words, router, t]);
}
