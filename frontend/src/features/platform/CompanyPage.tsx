import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { Page, PageHeader, Waiting } from "@/shared/ui";
import { settingsQuery } from "./queries";

const CompanyForm = lazy(() => import("./CompanyForm"));

export function CompanyPage() {
  const { t } = useTranslation("admin");
  const settings = useQuery(settingsQuery);
  return (
    <Page width="narrow">
      <PageHeader title={t("section.company")} />
      <Waiting query={settings} />
      {settings.data && (
        <Suspense>
          <CompanyForm key={settings.data.version} settings={settings.data} />
        </Suspense>
      )}
    </Page>
  );
}
