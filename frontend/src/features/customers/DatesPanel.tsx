import { IconPencil, IconPlus, IconTrash } from "@tabler/icons-react";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, type Schema } from "@/api";
import { useFormat } from "@/shared/format";
import { Group, IconButton, Panel, TextLink, toast } from "@/shared/ui";
import classes from "./CustomerPage.module.css";
import { useDictionary } from "./choices";
import type { DateEntry } from "./dateValues";
import { lunarWords } from "./lunar";
import { useMasks } from "./masked";
import type { Card } from "./types";

const DateDialog = lazy(() => import("./DateDialog"));
const SOON_DAYS = 14;

type DateOfLife = Schema<"DateOfLife">;
type Occurrence = Schema<"Occurrence">;

/** Every date to remember of the customer and the family, the next one first, in the calendar it is kept by and the other. */
export function DatesPanel({ card, mayWrite }: { card: Card; mayWrite: boolean }) {
  const { t } = useTranslation("customers");
  const { customer } = card;
  const client = useQueryClient();
  const masked = useMasks()("birthday");
  const [open, setOpen] = useState<{ entry?: DateEntry }>();
  const refresh = () => client.invalidateQueries({ queryKey: keys.one("customers", customer.id) });
  const saveDate = async (before: DateEntry | undefined, after: DateEntry | null) =>
    (await import("./DateDialog")).saveDate(customer.id, before, after);
  const remove = useMutation({
    mutationFn: (one: DateOfLife) => saveDate(one.entry, null),
    onSuccess: (_answer, one) => {
      const again = () => void saveDate(undefined, one.entry).then(refresh, toast.problem);
      toast.undo(t("common:state.deleted", { name: one.label }), t("common:action.undo"), again);
      return refresh();
    },
    onError: toast.problem,
  });
  const family = card.dates_coming.filter((one) => one.customer);
  if (masked) return null;
  return (
    <Panel
      title={t("date.title")}
      flush
      aside={
        mayWrite && (
          <IconButton label={t("date.add")} onClick={() => setOpen({})}>
            <IconPlus size={16} />
          </IconButton>
        )
      }
    >
      {card.dates_of_life.length + family.length === 0 && <p className={classes.nothing}>{t("date.none")}</p>}
      <ul className={classes.rows}>
        {card.dates_of_life.map((one, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: dates have no identity but their place
          <li key={index} className={classes.row}>
            <Kept date={one} />
            <Comes next={one.next ?? undefined} />
            {mayWrite && typeof one.position === "number" && (
              <Group gap={2} wrap="nowrap">
                <IconButton
                  label={t("date.edit_one", { name: one.label })}
                  onClick={() => setOpen({ entry: one.entry })}
                >
                  <IconPencil size={15} />
                </IconButton>
                <IconButton
                  label={t("date.delete_one", { name: one.label })}
                  onClick={() => remove.mutate(one)}
                >
                  <IconTrash size={15} />
                </IconButton>
              </Group>
            )}
          </li>
        ))}
        {family.map((one) => (
          <li key={`${one.customer?.id}${one.on}${one.label}`} className={classes.row}>
            <span className={classes.rowWords}>
              {one.label}
              {one.customer && (
                <span className={classes.sub}>
                  {" · "}
                  <TextLink to="/customers/$id" params={{ id: one.customer.id }}>
                    {one.customer.name}
                  </TextLink>
                </span>
              )}
            </span>
            <Comes next={one} />
          </li>
        ))}
      </ul>
      <Suspense>
        {open && (
          <DateDialog
            customer={customer}
            entry={open.entry}
            onClose={() => setOpen(undefined)}
            onSaved={() => {
              setOpen(undefined);
              void refresh();
            }}
          />
        )}
      </Suspense>
    </Panel>
  );
}

/** What is remembered: "妻子 · 生日, 农历 1985 年八月十五". */
function Kept({ date }: { date: DateOfLife }) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const kinds = useDictionary("date_kind");
  const { entry } = date;
  const day = entry.lunar
    ? t("date.lunar_day", {
        day: `${entry.lunar.year ? t("date.of_year", { year: entry.lunar.year }) : ""}${lunarWords(entry.lunar, f.language)}`,
      })
    : entry.date
      ? f.date(entry.date)
      : f.monthDay(`2000-${entry.month_day}`);
  return (
    <span className={classes.rowWords}>
      {entry.label ?? kinds.word(entry.kind)}
      {entry.person && <span className={classes.sub}> · {entry.person}</span>}
      <br />
      <span className={classes.sub}>
        {day}
        {entry.yearly === false && ` · ${t("date.once")}`}
      </span>
    </span>
  );
}

function Comes({ next }: { next?: Occurrence }) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  if (!next) return <span className={classes.rowEnd}>{t("date.over")}</span>;
  return (
    <span className={classes.rowEnd} style={{ textAlign: "end" }}>
      {f.monthDay(next.on)} ·{" "}
      <span className={next.in_days <= SOON_DAYS ? classes.soon : undefined}>
        {next.in_days === 0 ? t("today") : t("in_days", { count: next.in_days })}
      </span>
      <br />
      {[
        next.lunar && t("date.lunar_day", { day: lunarWords(next.lunar, f.language) }),
        next.years ? t("date.years", { count: next.years }) : "",
      ]
        .filter(Boolean)
        .join(" · ")}
    </span>
  );
}
