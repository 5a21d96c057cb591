import { IconFileExport, IconPlaneDeparture, IconUsers } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api";
import { useExport } from "@/features/imports";
import { useFormat } from "@/shared/format";
import { dayAfter, dayIn } from "@/shared/format/day";
import {
  Button,
  DateField,
  EmptyState,
  Figures,
  Group,
  Page,
  PageHeader,
  Panel,
  Switch,
  Text,
  Waiting,
} from "@/shared/ui";
import { PeopleTable } from "./PeopleTable";
import { disciplineQuery, type Period, type Report } from "./queries";
import { TravelsPanel } from "./TravelsPanel";

const TravelDialog = lazy(() => import("./TravelDialog"));

/** Who was in the program on the days they should have been, and what nobody has touched for too long. */
export function DisciplinePage() {
  const { t } = useTranslation("discipline");
  const search = useSearch({ from: "/_app/discipline" });
  const navigate = useNavigate();
  const me = useMe();
  const [travelling, setTravelling] = useState(false);
  const [short, setShort] = useState(false);
  const report = useQuery(disciplineQuery(search));
  const exporting = useExport("discipline");
  const set = (change: Period) =>
    void navigate({ to: "/discipline", search: (before) => ({ ...before, ...change }), replace: true });
  const today = dayIn(me.company.time_zone);
  const shown = report.data;
  const people = shown?.people.filter((one) => !short || fellShort(one)) ?? [];
  return (
    <Page>
      <PageHeader
        title={t("title")}
        description={t("about", {
          idle: me.company.follow_up.idle_days,
          travel: me.company.follow_up.travel_days,
        })}
        actions={
          <>
            {exporting.start && shown && (
              <Button
                variant="default"
                leftSection={<IconFileExport size={16} />}
                onClick={() => exporting.start?.({ query: {}, period: { from: shown.from, to: shown.to } })}
              >
                {t("common:action.export")}
              </Button>
            )}
            <Button
              variant="default"
              leftSection={<IconPlaneDeparture size={16} />}
              onClick={() => setTravelling(true)}
            >
              {t("travel.new")}
            </Button>
          </>
        }
      />
      <Group align="flex-end" gap="sm">
        <DateField
          label={t("from")}
          maxDate={shown?.to}
          value={search.from ?? shown?.from ?? null}
          onChange={(from) => set({ from: from ?? undefined })}
        />
        <DateField
          label={t("to")}
          maxDate={today}
          value={search.to ?? shown?.to ?? null}
          onChange={(to) => set({ to: to ?? undefined })}
        />
        <Button variant="subtle" onClick={() => set(lastWeek(today))}>
          {t("last_week")}
        </Button>
        <Button variant="subtle" onClick={() => set({ from: undefined, to: undefined })}>
          {t("four_weeks")}
        </Button>
      </Group>
      <Waiting query={report} rows={10} />
      {shown && <Sums report={shown} />}
      {shown && (
        <Panel
          title={t("people")}
          flush
          aside={
            <Switch
              label={t("short_only")}
              checked={short}
              onChange={(event) => setShort(event.currentTarget.checked)}
            />
          }
        >
          {people.length > 0 ? (
            <PeopleTable people={people} report={shown} />
          ) : (
            <EmptyState icon={<IconUsers size={28} stroke={1.5} />} title={t("all_kept")}>
              {t("all_kept_hint")}
            </EmptyState>
          )}
        </Panel>
      )}
      <TravelsPanel />
      {exporting.dialog}
      <Suspense>{travelling && <TravelDialog onClose={() => setTravelling(false)} />}</Suspense>
    </Page>
  );
}

const fellShort = (one: Report["people"][number]) =>
  one.idle || one.kept_days < one.required_days || one.untouched_leads > 0 || one.untouched_opportunities > 0;

/** Monday to Sunday of the week before. */
function lastWeek(today: string): Period {
  const weekday = (new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7;
  const monday = dayAfter(today, -weekday - 7);
  return { from: monday, to: dayAfter(monday, 6) };
}

/** What all people within sight come to. */
function Sums({ report }: { report: Report }) {
  const { t } = useTranslation("discipline");
  const f = useFormat();
  const sum = (of: (unit: Report["units"][number]) => number) =>
    report.units.reduce((total, unit) => total + of(unit), 0);
  const [required, kept] = [sum((one) => one.required_days), sum((one) => one.kept_days)];
  return (
    <>
      <Figures
        figures={[
          {
            key: "kept",
            label: t("kept"),
            value: required > 0 ? f.percent(kept / required) : "–",
            hint: t("kept_of", { kept: f.number(kept), required: f.number(required) }),
          },
          ...(["idle", "untouched_leads", "untouched_opportunities"] as const).map((key) => {
            const count = sum((one) => one[key]);
            return { key, label: t(key), value: f.number(count), due: count > 0 };
          }),
        ]}
      />
      {report.known_from > report.from && (
        <Text size="sm" c="dimmed">
          {t("known_from", { day: f.date(report.known_from) })}
        </Text>
      )}
    </>
  );
}
