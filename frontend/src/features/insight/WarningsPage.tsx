import { IconBellRinging } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { ClassMark, useDictionary } from "@/features/customers";
import { useFormat } from "@/shared/format";
import { SimpleTable } from "@/shared/grid";
import {
  Button,
  ButtonLink,
  EmptyState,
  Figures,
  Page,
  PageHeader,
  Panel,
  SegmentedControl,
  Text,
  TextLink,
  Waiting,
} from "@/shared/ui";
import { Definition } from "./Definition";
import classes from "./Insight.module.css";
import { reportQuery, type Warning, type WarningReport, type WarningStatus, warningsQuery } from "./outlook";

const WarningDialog = lazy(() => import("./WarningDialog"));

/** Who is about to leave and why, what is done about it, how it ended, and what a loss costs. */
export function WarningsPage() {
  const { t } = useTranslation("outlook");
  const { status } = useSearch({ from: "/_app/insight_/warnings" });
  const navigate = useNavigate();
  const warnings = useQuery(warningsQuery(status));
  const report = useQuery(reportQuery);
  const mayAct = useCan("customers:customer:write");
  const [open, setOpen] = useState<Warning>();
  return (
    <Page>
      <PageHeader
        title={t("warnings.title")}
        description={t("warnings.about")}
        actions={
          <ButtonLink variant="default" to="/insight/win-back">
            {t("warnings.win_back")}
          </ButtonLink>
        }
      />
      {report.data && <Outcome report={report.data} />}
      <SegmentedControl
        aria-label={t("warnings.which")}
        value={status ?? ""}
        onChange={(value) =>
          void navigate({
            to: "/insight/warnings",
            search: { status: (value || undefined) as WarningStatus | undefined },
            replace: true,
          })
        }
        data={["", "acting", "kept", "lost", "withdrawn"].map((value) => ({
          value,
          label: t(`warning_status.${value || "standing"}`),
        }))}
      />
      <Waiting query={warnings} rows={10} />
      {warnings.data?.items.length === 0 && (
        <EmptyState icon={<IconBellRinging size={28} stroke={1.5} />} title={t("warnings.none")}>
          {t("warnings.none_hint")}
        </EmptyState>
      )}
      {warnings.data && warnings.data.items.length > 0 && (
        <Panel title={t("warnings.list")} flush>
          <Listed rows={warnings.data.items} onOpen={mayAct ? setOpen : undefined} />
        </Panel>
      )}
      {report.data && report.data.reasons.length > 0 && <Reasons report={report.data} />}
      <Suspense>{open && <WarningDialog warning={open} onClose={() => setOpen(undefined)} />}</Suspense>
    </Page>
  );
}

function Listed({ rows, onOpen }: { rows: Warning[]; onOpen?: (warning: Warning) => void }) {
  const { t } = useTranslation("outlook");
  const f = useFormat();
  const reasons = useDictionary("churn_reason");
  return (
    <SimpleTable
      label={t("warnings.list")}
      rows={rows}
      rowKey={(one) => one.id}
      columns={[
        {
          id: "customer",
          header: t("warnings.customer"),
          cell: (one) => (
            <>
              <TextLink to="/customers/$id" params={{ id: one.customer.id }} fw={600}>
                {one.customer.name}
              </TextLink>{" "}
              {one.value_class && <ClassMark value={one.value_class} />}
              <Text size="sm" c="dimmed">
                {one.reasons.map((reason) => t(`risk_reason.${reason}`)).join(" · ")}
              </Text>
            </>
          ),
        },
        {
          id: "risk",
          header: t("warnings.risk"),
          align: "right",
          wide: true,
          cell: (one) => f.percent(one.risk, 0),
        },
        { id: "stake", header: t("warnings.stake"), align: "right", cell: (one) => f.money(one.stake) },
        {
          id: "yearly",
          header: t("warnings.yearly"),
          align: "right",
          wide: true,
          cell: (one) => f.money(one.yearly),
        },
        { id: "owner", header: t("warnings.owner"), wide: true, cell: (one) => one.owner?.name },
        {
          id: "status",
          header: t("warnings.status"),
          cell: (one) => (
            <>
              {t(`warning_status.${one.status}`)}
              {one.outcome_reason && ` · ${reasons.word(one.outcome_reason)}`}
              <Text size="sm" c="dimmed">
                {one.measures ?? t("warnings.since", { date: f.date(one.raised_on) })}
              </Text>
            </>
          ),
        },
        ...(onOpen
          ? [
              {
                id: "act",
                header: "",
                align: "right" as const,
                cell: (one: Warning) =>
                  !one.closed_on && (
                    <Button size="xs" variant="default" onClick={() => onOpen(one)}>
                      {t("warnings.act")}
                    </Button>
                  ),
              },
            ]
          : []),
      ]}
    />
  );
}

function Outcome({ report }: { report: WarningReport }) {
  const { t } = useTranslation("outlook");
  const f = useFormat();
  const { loss } = report;
  return (
    <Figures
      size="lg"
      figures={[
        {
          key: "standing",
          label: t("report.standing"),
          value: f.number(report.standing.count),
          hint: t("report.standing_hint"),
          due: report.standing.count > 0,
        },
        { key: "stake", label: t("report.stake"), value: f.short(report.standing.stake) },
        {
          key: "kept",
          label: t("report.kept"),
          value: f.percent(report.kept_share, 0),
          hint: t("report.kept_hint", { kept: report.kept.count, lost: report.lost.count }),
        },
        {
          key: "cost",
          label: t("report.cost"),
          value: f.number(loss.at_stake),
          hint: t("report.cost_hint", { ordinary: f.money(loss.ordinary_yearly) }),
        },
      ]}
    />
  );
}

function Reasons({ report }: { report: WarningReport }) {
  const { t } = useTranslation("outlook");
  const f = useFormat();
  const reasons = useDictionary("churn_reason");
  return (
    <div className={classes.columns}>
      <Panel title={<Definition term={t("report.reasons")} text={t("report.reasons_hint")} />} flush>
        <SimpleTable
          label={t("report.reasons")}
          rows={report.reasons}
          rowKey={(one) => one.reason}
          columns={[
            { id: "reason", header: t("report.reason"), cell: (one) => reasons.word(one.reason) },
            { id: "count", header: t("report.losses"), align: "right", cell: (one) => f.number(one.count) },
            { id: "yearly", header: t("report.yearly"), align: "right", cell: (one) => f.money(one.yearly) },
            {
              id: "replacements",
              header: t("report.replacements"),
              align: "right",
              cell: (one) => f.number(one.replacements),
            },
          ]}
        />
      </Panel>
    </div>
  );
}
