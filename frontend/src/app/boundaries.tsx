import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";
import { ApiProblem } from "@/api/problem";
import { ButtonLink, EmptyState, ErrorState, ListSkeleton, Page, PageHeader } from "@/shared/ui";

/** A page whose loading or drawing failed; the shell around it stays usable. */
export function RouteFailure({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  return (
    <Page>
      <ErrorState
        error={error}
        onRetry={() => {
          reset();
          void router.invalidate();
        }}
      />
    </Page>
  );
}

export function RoutePending() {
  return (
    <Page>
      <ListSkeleton />
    </Page>
  );
}

export function NotFound() {
  const { t } = useTranslation();
  return (
    <Page>
      <PageHeader title={t("problem.missing")} />
      <EmptyState
        title={t("problem.page_missing")}
        actions={<ButtonLink to="/">{t("action.home")}</ButtonLink>}
      />
    </Page>
  );
}

/** For a section the person may not open: said plainly, not hidden behind a blank page. */
export function Forbidden() {
  return (
    <Page>
      <ErrorState error={new ApiProblem(403, { code: "forbidden" })} />
    </Page>
  );
}
