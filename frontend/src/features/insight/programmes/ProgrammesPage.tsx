import { IconAdjustmentsHorizontal, IconRefresh, IconRepeat } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { JobProgress } from "@/features/platform";
import { Button, EmptyState, Page, PageHeader, Waiting } from "@/shared/ui";
import { LifetimePlaces } from "../LifetimePlaces";
import { useRefit } from "../useRefit";
import { ProgrammeSection } from "./ProgrammeSection";
import { programmesQuery } from "./queries";

const ProgrammesSettings = lazy(() => import("./ProgrammesSettings"));

/** Customers who pay bill after bill: how long they stay, and what that is worth. */
export function ProgrammesPage() {
  const { t } = useTranslation(["programmes", "outlook"]);
  const programmes = useQuery(programmesQuery);
  const mayFit = useCan("insight:evaluation:run");
  const maySet = useCan("platform:settings:write");
  const [setting, setSetting] = useState(false);
  const fit = useRefit();
  const items = programmes.data?.items;
  const several = new Set(items?.map((one) => one.unit.id)).size > 1;
  return (
    <Page>
      <PageHeader
        title={t("title")}
        description={t("about")}
        actions={
          <>
            {maySet && (
              <Button
                variant="default"
                leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.6} />}
                onClick={() => setSetting(true)}
              >
                {t("settings")}
              </Button>
            )}
            {mayFit && (
              <Button leftSection={<IconRefresh size={16} />} loading={fit.busy} onClick={fit.start}>
                {t("outlook:lifetime.refit")}
              </Button>
            )}
          </>
        }
      />
      <LifetimePlaces at="programmes" />
      {fit.job && fit.job.status !== "done" && <JobProgress job={fit.job} />}
      <Waiting query={programmes} rows={12} />
      {items?.length === 0 && (
        <EmptyState icon={<IconRepeat size={28} stroke={1.5} />} title={t("none")}>
          {t(maySet ? "none_hint" : "none_asked")}
        </EmptyState>
      )}
      {items?.map((one) => (
        <ProgrammeSection key={`${one.unit.id}-${one.settings.key}`} programme={one} unit={several} />
      ))}
      <Suspense>{setting && <ProgrammesSettings onClose={() => setSetting(false)} />}</Suspense>
    </Page>
  );
}
