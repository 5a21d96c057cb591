import { IconCake, IconClockExclamation, IconHistory, IconUserPlus } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api";
import { useFormat } from "@/shared/format";
import { EmptyState, ErrorState, ListSkeleton, Page, PageHeader, Panel, TextLink } from "@/shared/ui";
import { todayQuery } from "./queries";
import classes from "./TodayPage.module.css";

/** The home page: what wants doing now, and what happened since yesterday. */
export function TodayPage() {
  const { t } = useTranslation("today");
  const me = useMe();
  const f = useFormat();
  const today = useQuery(todayQuery);
  const hour = Number(
    new Intl.DateTimeFormat("en", { hour: "numeric", hour12: false, timeZone: me.company.time_zone }).format(
      new Date(),
    ),
  );
  const part = hour < 5 || hour >= 22 ? "night" : hour < 12 ? "morning" : hour < 18 ? "afternoon" : "evening";
  return (
    <Page>
      <PageHeader
        eyebrow={new Intl.DateTimeFormat(f.language, {
          weekday: "long",
          month: "long",
          day: "numeric",
          timeZone: me.company.time_zone,
        }).format(new Date())}
        title={t(`greeting.${part}`, { name: me.name })}
      />
      {today.isPending && <ListSkeleton />}
      {today.isError && <ErrorState error={today.error} onRetry={() => void today.refetch()} />}
      {today.data && (
        <>
          <Figures data={today.data} />
          <div className={classes.columns}>
            <Silent data={today.data} />
            <Dates data={today.data} />
            <Changes data={today.data} />
          </div>
        </>
      )}
    </Page>
  );
}

type Data = NonNullable<ReturnType<typeof useQuery<Awaited<ReturnType<typeof todayQuery.queryFn>>>>["data"]>;

function Figures({ data }: { data: Data }) {
  const { t } = useTranslation("today");
  const f = useFormat();
  const figures: [string, string][] = [
    [t("figure.orders"), f.number(data.orders_yesterday?.count ?? 0)],
    [t("figure.net"), data.orders_yesterday?.net ? f.short(data.orders_yesterday.net) : f.number(0)],
    [t("figure.new_customers"), f.number(data.new_customers_7d ?? 0)],
    [t("figure.to_call"), f.number(data.silent.length)],
  ];
  return (
    <dl className={classes.figures}>
      {figures.map(([label, value]) => (
        <div key={label} className={classes.figure}>
          <dt>{label}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

function Silent({ data }: { data: Data }) {
  const { t } = useTranslation("today");
  return (
    <Panel title={t("silent.title")} flush>
      {data.silent.length === 0 ? (
        <EmptyState icon={<IconClockExclamation size={28} stroke={1.5} />} title={t("silent.none")}>
          {t("silent.none_hint")}
        </EmptyState>
      ) : (
        <ul className={classes.rows}>
          {data.silent.map((one) => (
            <li key={one.customer.id} className={classes.row}>
              <TextLink
                to={"/customers/$id" as never}
                params={{ id: one.customer.id } as never}
                className={classes.who}
              >
                {one.customer.name}
              </TextLink>
              <span className={classes.why}>{t("silent.why", { count: one.days })}</span>
              {one.value_class && <span className={classes.class}>{t(`class.${one.value_class}`)}</span>}
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Dates({ data }: { data: Data }) {
  const { t } = useTranslation("today");
  const f = useFormat();
  return (
    <Panel title={t("dates.title")} flush>
      {data.dates.length === 0 ? (
        <EmptyState icon={<IconCake size={28} stroke={1.5} />} title={t("dates.none")}>
          {t("dates.none_hint")}
        </EmptyState>
      ) : (
        <ul className={classes.rows}>
          {data.dates.map((one) => (
            <li key={`${one.customer.id}${one.on}${one.label}`} className={classes.row}>
              <TextLink
                to={"/customers/$id" as never}
                params={{ id: one.customer.id } as never}
                className={classes.who}
              >
                {one.customer.name}
              </TextLink>
              <span className={classes.why}>{one.label}</span>
              <span className={classes.class}>{f.monthDay(one.on)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}

function Changes({ data }: { data: Data }) {
  const { t } = useTranslation("today");
  const f = useFormat();
  return (
    <Panel title={t("changes.title")} flush>
      {data.changed_since_yesterday.length === 0 ? (
        <EmptyState icon={<IconHistory size={28} stroke={1.5} />} title={t("changes.none")} />
      ) : (
        <ul className={classes.rows}>
          {data.changed_since_yesterday.map((one) => (
            <li key={one.id} className={classes.row}>
              <IconUserPlus size={16} aria-hidden="true" className="dim" />
              <span className={classes.who}>{one.title}</span>
              <span className={classes.why}>{f.ago(one.at)}</span>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
