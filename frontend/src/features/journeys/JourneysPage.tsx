import { IconPlus, IconRoute } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { SimpleTable } from "@/shared/grid";
import { Anchor, Button, EmptyState, Page, PageHeader, Panel, Waiting } from "@/shared/ui";
import classes from "./Journeys.module.css";
import { type Journey, type JourneyInput, journeysQuery, presetsQuery } from "./queries";
import { useName } from "./words";

const JourneyPanel = lazy(() => import("./JourneyPanel"));
const ReportDialog = lazy(() => import("./ReportDialog"));

/** Templates of journeys: the unit's own, and those that come with the product to begin from. */
export function JourneysPage() {
  const { t } = useTranslation(["journeys", "admin"]);
  const journeys = useQuery(journeysQuery);
  const may = useCan("activities:journey:write");
  const [open, setOpen] = useState<{ journey?: Journey; preset?: JourneyInput }>();
  const [told, setTold] = useState<Journey>();
  const create = may && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setOpen({})}>
      {t("new")}
    </Button>
  );
  return (
    <Page width="narrow">
      <PageHeader
        title={t("admin:section.journeys")}
        description={t("admin:section_hint.journeys")}
        actions={create}
      />
      <Panel flush>
        <Waiting query={journeys} rows={3} />
        {journeys.data?.length === 0 && (
          <EmptyState icon={<IconRoute size={28} stroke={1.5} />} title={t("empty")}>
            {t("empty_hint")}
          </EmptyState>
        )}
        {journeys.data && journeys.data.length > 0 && (
          <SimpleTable
            label={t("admin:section.journeys")}
            rows={journeys.data}
            rowKey={(one) => one.id}
            columns={[
              {
                id: "name",
                header: t("journey"),
                cell: (one) =>
                  one.editable ? (
                    <Anchor component="button" type="button" onClick={() => setOpen({ journey: one })}>
                      {one.name}
                    </Anchor>
                  ) : (
                    one.name
                  ),
              },
              { id: "event", header: t("trigger_title"), cell: (one) => t(`trigger.${one.event}`) },
              { id: "unit", header: t("unit"), cell: (one) => one.unit.name, wide: true },
              {
                id: "active",
                header: t("active"),
                cell: (one) => t(one.active ? "common:state.yes" : "common:state.no"),
                wide: true,
              },
              {
                id: "report",
                header: t("report"),
                cell: (one) => (
                  <Anchor
                    component="button"
                    type="button"
                    aria-label={t("report_see", { name: one.name })}
                    onClick={() => setTold(one)}
                  >
                    {t("report_show")}
                  </Anchor>
                ),
              },
            ]}
          />
        )}
      </Panel>
      {may && <Presets onUse={(preset) => setOpen({ preset })} />}
      <Suspense>
        {open && <JourneyPanel {...open} onClose={() => setOpen(undefined)} />}
        {told && <ReportDialog journey={told} onClose={() => setTold(undefined)} />}
      </Suspense>
    </Page>
  );
}

function Presets({ onUse }: { onUse: (preset: JourneyInput) => void }) {
  const { t } = useTranslation("journeys");
  const name = useName();
  const presets = useQuery(presetsQuery).data;
  if (!presets) return null;
  return (
    <Panel title={t("presets")} flush>
      <ul className={classes.presets}>
        {presets.map((one) => (
          <li key={one.name_en} className={classes.preset}>
            <span className={classes.words}>
              <span className={classes.name}>{name(one)}</span>
              <span className={classes.when}>{one.steps.map(name).join(" → ")}</span>
            </span>
            <Button
              size="compact-sm"
              variant="default"
              aria-label={t("use_one", { name: name(one) })}
              onClick={() => onUse(one)}
            >
              {t("use")}
            </Button>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
