import { IconAdjustmentsHorizontal, IconChecklist } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { usePeople } from "@/features/customers";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import { Button, EmptyState, LazySelect, Page, PageHeader, Panel, Text, Waiting } from "@/shared/ui";
import { NextActionList } from "./NextActionList";
import { type NextReport, nextActionsQuery, nextReportQuery } from "./queries";

const RuleSettings = lazy(() => import("./RuleSettings"));

/** What to do next, for oneself or another one's customers, and what came of what was done. */
export function NextActionsPage() {
  const { t } = useTranslation("next");
  const { owner } = useSearch({ from: "/_app/insight_/actions" });
  const navigate = useNavigate();
  const actions = useQuery(nextActionsQuery({ owner }));
  const report = useQuery(nextReportQuery);
  const maySet = useCan("platform:settings:write");
  const people = usePeople();
  const [setting, setSetting] = useState(false);
  return (
    <Page>
      <PageHeader
        title={t("title")}
        description={t("about")}
        actions={
          maySet && (
            <Button
              variant="default"
              leftSection={<IconAdjustmentsHorizontal size={16} stroke={1.6} />}
              onClick={() => setSetting(true)}
            >
              {t("settings.open")}
            </Button>
          )
        }
      />
      <LazySelect
        label={t("whose")}
        placeholder={t("mine")}
        clearable
        searchable
        w={260}
        data={people}
        value={owner ?? null}
        onChange={(value) =>
          void navigate({ to: "/insight/actions", search: { owner: value ?? undefined }, replace: true })
        }
      />
      <Waiting query={actions} rows={10} />
      {actions.data?.items.length === 0 && (
        <EmptyState icon={<IconChecklist size={28} stroke={1.5} />} title={t("none")}>
          {t("none_hint")}
        </EmptyState>
      )}
      {actions.data && actions.data.items.length > 0 && (
        <Panel title={t("list")} flush>
          <NextActionList key={owner ?? ""} actions={actions.data.items} named />
        </Panel>
      )}
      {report.data && <Report report={report.data} />}
      <Suspense>{setting && <RuleSettings onClose={() => setSetting(false)} />}</Suspense>
    </Page>
  );
}

function Report({ report }: { report: NextReport }) {
  const { t } = useTranslation("next");
  const f = useFormat();
  const rules = report.rules.filter((one) => one.done + one.later + one.dismissed > 0);
  if (rules.length === 0) return null;
  return (
    <Panel title={t("report.title")} flush>
      <SimpleTable
        label={t("report.title")}
        rows={rules}
        rowKey={(one) => one.rule}
        columns={[
          { id: "rule", header: t("report.rule"), cell: (one) => t(`rule.${one.rule}`) },
          { id: "done", header: t("done"), align: "right", cell: (one) => f.number(one.done) },
          {
            id: "bought",
            header: t("report.bought"),
            align: "right",
            cell: (one) =>
              one.done > 0 ? `${f.number(one.bought)} · ${f.percent(one.bought_share, 0)}` : "–",
          },
          { id: "net", header: t("report.net"), align: "right", cell: (one) => f.money(one.net) },
          { id: "later", header: t("later"), align: "right", wide: true, cell: (one) => f.number(one.later) },
          {
            id: "dismissed",
            header: t("dismiss"),
            align: "right",
            wide: true,
            cell: (one) => f.number(one.dismissed),
          },
        ]}
      />
      <Text size="sm" c="dimmed" px="md" py="xs">
        {t("report.hint", { from: f.date(report.from), until: f.date(report.until) })}
        {report.reasons.length > 0 &&
          ` ${t("report.reasons", {
            reasons: report.reasons
              .map((one) => `${t(`reason.${one.reason}`)} ${f.number(one.count)}`)
              .join(" · "),
          })}`}
      </Text>
    </Panel>
  );
}
