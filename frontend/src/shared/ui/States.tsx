import { Button, Skeleton } from "@mantine/core";
import { IconCloudOff, IconLock, IconMoodEmpty, IconZoomExclamation } from "@tabler/icons-react";
import type { TFunction } from "i18next";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import classes from "./States.module.css";

interface EmptyProps {
  icon?: ReactNode;
  title: string;
  children?: ReactNode;
  /** The next step: create, import, clear the filters. */
  actions?: ReactNode;
}

/** Nothing here yet — say what belongs here and offer the next step. */
export function EmptyState({ icon, title, children, actions }: EmptyProps) {
  return (
    <div className={classes.state}>
      <div className={classes.icon} aria-hidden="true">
        {icon ?? <IconMoodEmpty size={28} stroke={1.5} />}
      </div>
      <h2 className={classes.title}>{title}</h2>
      {children && <div className={classes.body}>{children}</div>}
      {actions && <div className={classes.actions}>{actions}</div>}
    </div>
  );
}

/** The words of a problem: the server's own where it has any, ours for the network. */
export function problemText(error: unknown, t: TFunction): string {
  if (!(error instanceof ApiProblem)) return t("common:problem.unknown");
  if (error.code === "network") return t("common:problem.network");
  if (error.code === "rate_limited" || error.code === "busy") {
    return error.detail ?? t("common:problem.busy", { count: error.retryAfter ?? 5 });
  }
  return error.detail ?? error.title;
}

interface ErrorProps {
  error: unknown;
  onRetry?: () => void;
}

/** What went wrong, what to do, and the number to give to whoever runs the server. */
export function ErrorState({ error, onRetry }: ErrorProps) {
  const { t } = useTranslation();
  const problem = error instanceof ApiProblem ? error : undefined;
  const kind = problem?.status === 404 ? "missing" : problem?.status === 403 ? "forbidden" : "failed";
  const Icon = { missing: IconZoomExclamation, forbidden: IconLock, failed: IconCloudOff }[kind];
  return (
    <div className={classes.state} role="alert">
      <div className={classes.icon} aria-hidden="true">
        <Icon size={28} stroke={1.5} />
      </div>
      <h2 className={classes.title}>{t(`problem.${kind}`)}</h2>
      <div className={classes.body}>
        {kind === "missing" ? t("problem.missing_hint") : problemText(error, t)}
      </div>
      {problem?.requestId && (
        <div className={classes.request}>{t("problem.request", { id: problem.requestId })}</div>
      )}
      {onRetry && kind === "failed" && (
        <div className={classes.actions}>
          <Button variant="default" onClick={onRetry}>
            {t("action.retry")}
          </Button>
        </div>
      )}
    </div>
  );
}

/** Rows that hold the place of a list while it loads. */
export function ListSkeleton({ rows = 8 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("state.loading")} className={classes.skeleton} data-loading>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: placeholders have no identity
        <Skeleton key={row} height={14} width={`${92 - ((row * 17) % 40)}%`} radius="sm" />
      ))}
    </div>
  );
}

interface WaitingProps {
  query: { isPending: boolean; isError: boolean; error: unknown; refetch: () => unknown };
  rows?: number;
}

/** What stands in a list's or a record's place until it is there: a skeleton, or why it did not come. */
export function Waiting({ query, rows }: WaitingProps) {
  if (query.isError) return <ErrorState error={query.error} onRetry={() => void query.refetch()} />;
  return query.isPending ? <ListSkeleton rows={rows} /> : null;
}
