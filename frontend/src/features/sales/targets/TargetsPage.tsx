import { IconClipboardText, IconPencil, IconPlus, IconTarget } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan, useMe } from "@/api";
import { currentLanguage } from "@/app/i18n";
import { useFormat } from "@/shared/format";
import { dayIn } from "@/shared/format/day";
import { Button, EmptyState, IconButton, Page, PageHeader, Panel, Select, Text, Waiting } from "@/shared/ui";
import classes from "./Targets.module.css";
import { KINDS, type Target, targetsQuery } from "./targets";

const TargetDialog = lazy(() => import("./TargetDialog"));
const PasteDialog = lazy(() => import("./PasteDialog"));

/** What is to be sold in a year, month by month, and how much of it is paid. */
export function TargetsPage() {
  const { t } = useTranslation("targets");
  const me = useMe();
  const thisYear = Number(dayIn(me.company.time_zone).slice(0, 4));
  const { year = thisYear } = useSearch({ from: "/_app/targets" });
  const navigate = useNavigate();
  const client = useQueryClient();
  const targets = useQuery(targetsQuery(year));
  const mayWrite = useCan("sales:target:write");
  const [edited, setEdited] = useState<Target | "new">();
  const [pasting, setPasting] = useState(false);
  const saved = () => {
    setEdited(undefined);
    setPasting(false);
    void client.invalidateQueries({ queryKey: keys.of("targets") });
  };
  const items = targets.data ?? [];
  return (
    <Page>
      <PageHeader
        title={t("title")}
        description={t("about")}
        actions={
          <>
            <Select
              aria-label={t("year")}
              w={110}
              allowDeselect={false}
              value={String(year)}
              data={[-3, -2, -1, 0, 1].map((after) => String(thisYear + after))}
              onChange={(value) =>
                void navigate({ to: "/targets", search: { year: Number(value) }, replace: true })
              }
            />
            {mayWrite && (
              <>
                <Button
                  variant="default"
                  leftSection={<IconClipboardText size={16} stroke={1.6} />}
                  onClick={() => setPasting(true)}
                >
                  {t("paste")}
                </Button>
                <Button leftSection={<IconPlus size={16} />} onClick={() => setEdited("new")}>
                  {t("new")}
                </Button>
              </>
            )}
          </>
        }
      />
      <Waiting query={targets} rows={8} />
      {targets.data?.length === 0 && (
        <EmptyState icon={<IconTarget size={28} stroke={1.5} />} title={t("none", { year })}>
          {t(mayWrite ? "none_hint" : "none_yours")}
        </EmptyState>
      )}
      {KINDS.map((kind) => {
        const rows = items.filter((one) => one.kind === kind);
        return (
          rows.length > 0 && (
            <Panel key={kind} title={t(`kind.${kind}`)} flush>
              <Months label={t(`kind.${kind}`)} rows={rows} onEdit={mayWrite ? setEdited : undefined} />
            </Panel>
          )
        );
      })}
      <Suspense>
        {edited && (
          <TargetDialog
            year={year}
            target={edited === "new" ? undefined : edited}
            onClose={() => setEdited(undefined)}
            onSaved={saved}
          />
        )}
        {pasting && <PasteDialog year={year} onClose={() => setPasting(false)} onSaved={saved} />}
      </Suspense>
    </Page>
  );
}

interface MonthsProps {
  label: string;
  rows: Target[];
  onEdit?: (target: Target) => void;
}

/** A row for each target: the year with its bar, then month by month what is wanted over what is paid. */
function Months({ label, rows, onEdit }: MonthsProps) {
  const { t } = useTranslation("targets");
  const f = useFormat();
  const names = new Intl.DateTimeFormat(currentLanguage(), { month: "short", timeZone: "UTC" });
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling region must be reachable by keyboard
    <section className={classes.scroll} aria-label={label} tabIndex={0}>
      <table className={classes.table} aria-label={label}>
        <thead>
          <tr>
            <th scope="col">{t("subject")}</th>
            <th scope="col">{t("year_target")}</th>
            {Array.from({ length: 12 }, (_, month) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: the index is the month
              <th key={month} scope="col">
                {names.format(Date.UTC(2024, month, 1))}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.id}>
              <th scope="row">
                <span className={classes.subject}>
                  {row.subject.name}
                  {onEdit && (
                    <IconButton label={t("edit_one", { name: row.subject.name })} onClick={() => onEdit(row)}>
                      <IconPencil size={16} stroke={1.6} />
                    </IconButton>
                  )}
                </span>
                <Text size="xs" c="dimmed">
                  {t(`split.${row.split}`)}
                </Text>
              </th>
              <td>
                <div>{f.money(row.amount)}</div>
                <Bar share={row.share} label={t("achieved_of", { name: row.subject.name })} />
                <Text size="xs" c="dimmed">
                  {t("achieved", { amount: f.money(row.achieved), share: f.percent(row.share, 1) })}
                </Text>
              </td>
              {row.months.map((month) => (
                <td key={month.month} title={`${f.money(month.achieved)} / ${f.money(month.amount)}`}>
                  <div>{f.short(month.amount)}</div>
                  <Text size="xs" c="dimmed">
                    {f.short(month.achieved)}
                  </Text>
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Bar({ share, label }: { share?: number | null; label: string }) {
  const percent = Math.round(Math.min(Math.max(share ?? 0, 0), 1) * 100);
  return (
    <div
      className={classes.bar}
      role="progressbar"
      aria-label={label}
      aria-valuenow={percent}
      aria-valuemin={0}
      aria-valuemax={100}
    >
      <span style={{ width: `${percent}%` }} data-done={percent === 100 || undefined} />
    </div>
  );
}
