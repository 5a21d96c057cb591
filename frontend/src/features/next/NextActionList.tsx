import { IconDots } from "@tabler/icons-react";
import { useQueryClient } from "@tanstack/react-query";
import { type KeyboardEvent, lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan, useMe } from "@/api";
import { patchWish } from "@/features/customers";
import { loadWarningDialog, readWarning, type Warning } from "@/features/insight";
import { useFormat } from "@/shared/format";
import { dayAfter, dayIn } from "@/shared/format/day";
import { Button, ButtonLink, IconButton, Menu, TextLink, toast } from "@/shared/ui";
import classes from "./Next.module.css";
import { finishTask, type NextAction, noteOutcome, type OutcomeInput, REASONS, readWish } from "./queries";

const WarningDialog = lazy(loadWarningDialog);
const CallDialog = lazy(() => import("./CallDialog"));

/** Rows shown before the person asks for all. */
const FIRST = 8;
const LATER = [1, 7, 30] as const;

/** Suggestions, each with its reason, what is at stake and what can be made of it. Arrows walk from one to the next. */
export function NextActionList({ actions, named }: { actions: NextAction[]; named: boolean }) {
  const { t } = useTranslation("next");
  const [all, setAll] = useState(false);
  const work = useWork();
  const shown = all ? actions : actions.slice(0, FIRST);
  return (
    <>
      <ul className={classes.rows} onKeyDown={walk}>
        {shown.map((one) => (
          <Row key={`${one.rule}${one.customer.id}${one.subject}`} one={one} named={named} work={work} />
        ))}
      </ul>
      {shown.length < actions.length && (
        <Button variant="subtle" fullWidth radius={0} onClick={() => setAll(true)}>
          {t("show_all", { count: actions.length })}
        </Button>
      )}
      <Suspense>
        {work.warning && (
          <WarningDialog
            warning={work.warning.warning}
            onClose={work.close}
            onSaved={() => work.note(work.warning?.one, { outcome: "done" })}
          />
        )}
        {work.call && (
          <CallDialog
            one={work.call}
            onClose={work.close}
            onSaved={() => work.note(work.call, { outcome: "done" })}
          />
        )}
      </Suspense>
    </>
  );
}

/** Moves the focus to the same place of the row above or below. */
function walk(event: KeyboardEvent<HTMLUListElement>) {
  const step = event.key === "ArrowDown" ? 1 : event.key === "ArrowUp" ? -1 : 0;
  const row = (event.target as HTMLElement).closest("li");
  if (!step || !row || event.nativeEvent.isComposing || !event.currentTarget.contains(event.target as Node)) {
    return;
  }
  const next = step > 0 ? row.nextElementSibling : row.previousElementSibling;
  const target = next?.querySelector<HTMLElement>("[data-act]");
  if (target) {
    event.preventDefault();
    target.focus();
  }
}

type More = Pick<OutcomeInput, "outcome" | "until" | "reason">;

/** What can be done with a suggestion. */
function useWork() {
  const { t } = useTranslation("next");
  const client = useQueryClient();
  const [busy, setBusy] = useState<NextAction>();
  const [warning, setWarning] = useState<{ one: NextAction; warning: Warning }>();
  const [call, setCall] = useState<NextAction>();
  const close = () => {
    setWarning(undefined);
    setCall(undefined);
  };
  const attempt = async (one: NextAction, what: () => Promise<unknown>) => {
    setBusy(one);
    try {
      await what();
    } catch (error) {
      toast.problem(error);
    } finally {
      setBusy(undefined);
    }
  };
  const note = (one: NextAction | undefined, more: More) => {
    if (!one) return;
    void attempt(one, async () => {
      await noteOutcome(one, more);
      toast.done(t(`noted.${more.outcome}`, { name: one.customer.name }));
      for (const resource of ["next-actions", "customers", "wishes", "tasks", "today"]) {
        void client.invalidateQueries({ queryKey: keys.of(resource) });
      }
    });
  };
  const act = (one: NextAction) => {
    if (one.act === "call" || one.act === "offer") setCall(one);
    if (one.act === "measures") {
      void attempt(one, async () => setWarning({ one, warning: await readWarning(one.subject) }));
    }
    if (one.act === "finish") {
      void attempt(one, async () => {
        await finishTask(one.subject);
        note(one, { outcome: "done" });
      });
    }
    if (one.act === "tell") {
      void attempt(one, async () => {
        await patchWish(await readWish(one.subject), { status: "told" });
        note(one, { outcome: "done" });
      });
    }
  };
  return { busy, warning, call, close, note, act };
}

type Work = ReturnType<typeof useWork>;

function Row({ one, named, work }: { one: NextAction; named: boolean; work: Work }) {
  const { t } = useTranslation(["next", "wishes"]);
  const f = useFormat();
  const mayWrite = useCan("customers:customer:write");
  const nothing = Number(one.stake.amount) === 0;
  return (
    <li className={classes.row}>
      <div className={classes.words}>
        <span className={classes.head}>
          {named && (
            <TextLink to="/customers/$id" params={{ id: one.customer.id }} className={classes.who}>
              {one.customer.name}
            </TextLink>
          )}
          <span className={classes.rule}>{t(`rule.${one.rule}`)}</span>
        </span>
        <span className={classes.why}>
          {one.reason}
          {one.channels.length > 0 &&
            ` · ${t("over", { channels: one.channels.map((key) => t(`wishes:channel.${key}`)).join(t("and")) })}`}
        </span>
      </div>
      {!nothing && (
        <span className={classes.stake} title={t("stake_hint")}>
          {f.short(one.stake)}
        </span>
      )}
      {mayWrite && (
        <span className={classes.act}>
          {one.act === "qualify" || one.act === "deal" ? (
            <ButtonLink
              data-act
              size="compact-sm"
              variant="default"
              to={one.act === "deal" ? "/sales/$id" : "/customers/$id"}
              params={{ id: one.act === "deal" ? one.subject : one.customer.id }}
              aria-label={t(`act_one.${one.act}`, { name: one.customer.name })}
            >
              {t(`act.${one.act}`)}
            </ButtonLink>
          ) : (
            <Button
              data-act
              size="compact-sm"
              variant="default"
              loading={work.busy === one}
              aria-label={t(`act_one.${one.act}`, { name: one.customer.name })}
              onClick={() => work.act(one)}
            >
              {t(`act.${one.act}`)}
            </Button>
          )}
          <More one={one} work={work} />
        </span>
      )}
    </li>
  );
}

/** Done without more, later, or not useful. */
function More({ one, work }: { one: NextAction; work: Work }) {
  const { t } = useTranslation("next");
  const f = useFormat();
  const today = dayIn(useMe().company.time_zone);
  return (
    <Menu
      position="bottom-end"
      target={
        <IconButton label={t("more", { name: one.customer.name, rule: t(`rule.${one.rule}`) })} size="md">
          <IconDots size={16} stroke={1.6} />
        </IconButton>
      }
    >
      {({ Item, Label, Divider }) => (
        <>
          <Item onClick={() => work.note(one, { outcome: "done" })}>{t("done")}</Item>
          <Divider />
          <Label>{t("later")}</Label>
          {LATER.map((days) => (
            <Item
              key={days}
              onClick={() => work.note(one, { outcome: "later", until: dayAfter(today, days) })}
            >
              {t(`in.${days}`)} · {f.monthDay(dayAfter(today, days))}
            </Item>
          ))}
          <Divider />
          <Label>{t("dismiss")}</Label>
          {REASONS.map((reason) => (
            <Item key={reason} onClick={() => work.note(one, { outcome: "dismissed", reason })}>
              {t(`reason.${reason}`)}
            </Item>
          ))}
        </>
      )}
    </Menu>
  );
}
