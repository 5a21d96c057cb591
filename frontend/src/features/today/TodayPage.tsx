import { IconCake, IconHistory, IconPhoneCall } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { useTranslation } from "react-i18next";
import { useCan, useMe } from "@/api";
import { loadAccountsWaiting } from "@/features/access";
import { lunarWords, useDictionary } from "@/features/customers";
import { NextActionsPanel } from "@/features/next";
import { JobProgress } from "@/features/platform";
import { WaitingPanel } from "@/features/qualifications";
import { TasksToday } from "@/features/tasks";
import { useFormat } from "@/shared/format";
import { Page, PageHeader, Panel, TextLink, Waiting } from "@/shared/ui";
import { DayFigures } from "./Figures";
import { FirstSteps } from "./FirstSteps";
import { MorningBrief } from "./MorningBrief";
import { type Today, todayQuery } from "./queries";
import { NothingHere, Row, Rows } from "./Rows";
import classes from "./TodayPage.module.css";
import { WishesArrived } from "./WishesArrived";

const AccountsWaiting = lazy(loadAccountsWaiting);

/** The home page: whom to call and why, which dates come up, what happened since yesterday. */
export function TodayPage() {
  const { t } = useTranslation("today");
  const me = useMe();
  const f = useFormat();
  const today = useQuery(todayQuery);
  const zone = me.company.time_zone;
  const approves = useCan("access:account:approve");
  const now = new Date();
  return (
    <Page>
      <PageHeader
        eyebrow={new Intl.DateTimeFormat(f.language, {
          weekday: "long",
          month: "long",
          day: "numeric",
          timeZone: zone,
        }).format(now)}
        title={t(`greeting.${partOfDay(now, zone)}`, { name: me.name })}
      />
      <Waiting query={today} />
      {approves && (
        <Suspense>
          <AccountsWaiting />
        </Suspense>
      )}
      <TasksToday />
      {today.data && <Brief today={today.data} />}
    </Page>
  );
}

function partOfDay(now: Date, timeZone: string) {
  const hour = Number(
    new Intl.DateTimeFormat("en", { hour: "numeric", hourCycle: "h23", timeZone }).format(now),
  );
  if (hour < 5 || hour >= 22) return "night";
  if (hour < 12) return "morning";
  return hour < 18 ? "afternoon" : "evening";
}

const nothingYet = (today: Today) =>
  today.new_customers_7d === 0 &&
  today.orders_yesterday.count === 0 &&
  today.wishes_arrived.length +
    today.silent.length +
    today.dates.length +
    today.changed_since_yesterday.length ===
    0;

function Brief({ today }: { today: Today }) {
  const { t } = useTranslation("today");
  if (nothingYet(today)) return <FirstSteps />;
  return (
    <>
      <DayFigures today={today} />
      {today.jobs_running.length > 0 && (
        <Panel title={t("jobs")}>
          {today.jobs_running.map((job) => (
            <JobProgress key={job.id} job={job} />
          ))}
        </Panel>
      )}
      <WaitingPanel />
      <MorningBrief />
      <NextActionsPanel />
      <div className={classes.columns}>
        <WishesArrived today={today} />
        <Warned today={today} />
        <Silent today={today} />
        <Dates today={today} />
        <Changes today={today} />
      </div>
    </>
  );
}

/** Who is about to leave, the most at stake first; nothing where nobody is. */
function Warned({ today }: { today: Today }) {
  const { t } = useTranslation(["today", "outlook"]);
  const f = useFormat();
  if (today.warnings.length === 0) return null;
  return (
    <Panel title={t("warned")} flush aside={<TextLink to="/insight/warnings">{t("warned_all")}</TextLink>}>
      <Rows empty={null}>
        {today.warnings.map((one) => (
          <Row
            key={one.id}
            customer={one.customer}
            why={one.reasons.map((reason) => t(`outlook:risk_reason.${reason}`)).join(" · ")}
            end={f.short(one.stake)}
            strong={one.value_class === "vip"}
          />
        ))}
      </Rows>
    </Panel>
  );
}

function Silent({ today }: { today: Today }) {
  const { t } = useTranslation("today");
  return (
    <Panel title={t("silent.title")} flush>
      <Rows
        empty={<NothingHere icon={IconPhoneCall} title={t("silent.none")} hint={t("silent.none_hint")} />}
      >
        {today.silent.map((one) => (
          <Row
            key={one.customer.id}
            customer={one.customer}
            why={t("silent.why", { count: one.days })}
            end={one.value_class && t(`class.${one.value_class}`, { defaultValue: "" })}
            strong={one.value_class === "vip"}
          />
        ))}
      </Rows>
    </Panel>
  );
}

function Dates({ today }: { today: Today }) {
  const { t } = useTranslation("today");
  const f = useFormat();
  const kinds = useDictionary("date_kind");
  return (
    <Panel title={t("dates.title")} flush>
      <Rows empty={<NothingHere icon={IconCake} title={t("dates.none")} hint={t("dates.none_hint")} />}>
        {today.dates.map((one) => {
          const label = kinds.word(one.label);
          return (
            <Row
              key={`${one.customer.id}${one.on}${one.label}${one.person ?? ""}`}
              customer={one.customer}
              why={[
                one.person,
                label,
                one.by_lunar && one.lunar && t("dates.lunar", { day: lunarWords(one.lunar, f.language) }),
                one.years && t("dates.years", { count: one.years }),
              ]
                .filter(Boolean)
                .join(" · ")}
              end={
                one.in_days === 0
                  ? t("dates.today")
                  : `${f.monthDay(one.on)} · ${t("dates.in_days", { count: one.in_days })}`
              }
              strong={one.in_days === 0}
            />
          );
        })}
      </Rows>
    </Panel>
  );
}

function Changes({ today }: { today: Today }) {
  const { t } = useTranslation(["today", "admin"]);
  const f = useFormat();
  return (
    <Panel title={t("changes.title")} flush>
      <Rows
        empty={<NothingHere icon={IconHistory} title={t("changes.none")} hint={t("changes.none_hint")} />}
      >
        {today.changed_since_yesterday.map((one) => {
          const what = t(`admin:resource.${one.resource}`, { defaultValue: one.resource });
          const done = t(`admin:action.${one.action}`, { defaultValue: one.action });
          return (
            <Row
              key={one.id}
              customer={one.customer}
              why={[
                one.actor,
                f.language === "en" ? `${done.toLowerCase()} ${what.toLowerCase()}` : `${done}${what}`,
              ]
                .filter(Boolean)
                .join(" · ")}
              end={f.ago(one.at)}
            />
          );
        })}
      </Rows>
    </Panel>
  );
}
