import { IconPencil, IconTrash } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useNavigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { useDictionary } from "@/features/customers";
import { useFormat } from "@/shared/format";
import {
  Badge,
  Button,
  Confirm,
  Figures,
  Group,
  IconButton,
  LazySelect,
  Page,
  PageHeader,
  Panel,
  TextLink,
  toast,
  Waiting,
} from "@/shared/ui";
import record from "@/shared/ui/Record.module.css";
import classes from "./KeyAccount.module.css";
import {
  deleteKeyAccount,
  GOAL_STATUSES,
  type Goal,
  GROUPS,
  KEY_ACCOUNTS,
  type KeyAccount,
  keyAccountQuery,
  patchKeyAccount,
  type Touchpoint,
} from "./queries";
import { useTouchpointWord } from "./words";

const KeyAccountEdit = lazy(() => import("./KeyAccountEdit"));
const TouchpointDialog = lazy(() => import("./TouchpointDialog"));
const STATES = { met: "pine", due: "ember", gap: "gray" } as const;

/** The card of one key account: who looks after it, what is to be reached, and where the customer is met or missed. */
export function KeyAccountPage() {
  const { id } = useParams({ from: "/_app/key-accounts/$id" });
  const account = useQuery(keyAccountQuery(id));
  if (account.data) return <Shown account={account.data} />;
  return (
    <Page>
      <Waiting query={account} rows={12} />
    </Page>
  );
}

function useChange(account: KeyAccount) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: (body: Parameters<typeof patchKeyAccount>[1]) => patchKeyAccount(account, body),
    onSuccess: (saved) => {
      client.setQueryData(keyAccountQuery(saved.id).queryKey, saved);
      void client.invalidateQueries({ queryKey: keys.of(KEY_ACCOUNTS) });
      void client.invalidateQueries({ queryKey: keys.one("customers", saved.customer.id) });
    },
    onError: toast.problem,
  });
}

function Shown({ account }: { account: KeyAccount }) {
  const { t } = useTranslation("keyaccounts");
  const f = useFormat();
  const mayWrite = useCan("customers:customer:write");
  const [editing, setEditing] = useState(false);
  const { advice } = account;
  const level = account.level ?? advice?.level;
  const open = account.goals.filter((goal) => goal.status === "open").length;
  return (
    <Page>
      <PageHeader
        title={account.customer.name}
        eyebrow={<TextLink to="/key-accounts">{t("title")}</TextLink>}
        description={
          <TextLink to="/customers/$id" params={{ id: account.customer.id }}>
            {t("to_customer")}
          </TextLink>
        }
        actions={
          mayWrite && (
            <>
              <EndAccount account={account} />
              <Button leftSection={<IconPencil size={16} />} onClick={() => setEditing(true)}>
                {t("common:action.edit")}
              </Button>
            </>
          )
        }
      />
      <Figures
        figures={[
          {
            key: "level",
            label: t("field.level"),
            value: level && t(`level.${level}`),
            hint: level ? t(`level_hint.${level}`) : undefined,
          },
          { key: "goals", label: t("field.goals"), value: f.number(open) },
          {
            key: "due",
            label: t("field.due"),
            value: f.number(account.touchpoints_due),
            due: account.touchpoints_due > 0,
          },
          { key: "gaps", label: t("field.gaps"), value: f.number(account.gaps), hint: t("gaps_hint") },
          {
            key: "review",
            label: t("field.review_on"),
            value: account.review_on && f.date(account.review_on),
          },
        ]}
      />
      <div className={record.columns}>
        <div className={record.main}>
          <Panel title={t("plan")}>
            {account.plan ? <p className={record.plan}>{account.plan}</p> : <span>{t("no_plan")}</span>}
          </Panel>
          <Goals account={account} mayWrite={mayWrite} />
          <TouchpointMap account={account} mayWrite={mayWrite} />
        </div>
        <div className={record.side}>
          <Team account={account} />
          {advice && (
            <Panel title={t("relationship")}>
              <p className={record.plan}>
                {advice.level
                  ? t("advised", {
                      level: t(`level.${advice.level}`),
                      count: advice.customers,
                      margin: f.percent(advice.margin ?? 0),
                    })
                  : t("not_advised")}
              </p>
              {advice.level && account.level && account.level !== advice.level && (
                <p className={record.sub}>{t("set_otherwise", { level: t(`level.${account.level}`) })}</p>
              )}
            </Panel>
          )}
        </div>
      </div>
      <Suspense>{editing && <KeyAccountEdit account={account} onClose={() => setEditing(false)} />}</Suspense>
    </Page>
  );
}

function EndAccount({ account }: { account: KeyAccount }) {
  const { t } = useTranslation("keyaccounts");
  const client = useQueryClient();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const end = async () => {
    await deleteKeyAccount(account);
    await navigate({ to: "/customers/$id", params: { id: account.customer.id } });
    client.removeQueries({ queryKey: keys.one(KEY_ACCOUNTS, account.id) });
    void client.invalidateQueries({ queryKey: keys.of(KEY_ACCOUNTS) });
    void client.invalidateQueries({ queryKey: keys.one("customers", account.customer.id) });
  };
  return (
    <>
      <Button variant="default" leftSection={<IconTrash size={16} />} onClick={() => setAsking(true)}>
        {t("end")}
      </Button>
      <Confirm
        opened={asking}
        title={t("end_title", { name: account.customer.name })}
        verb={t("end")}
        danger
        onClose={() => setAsking(false)}
        onConfirm={end}
      >
        {t("end_hint")}
      </Confirm>
    </>
  );
}

function Team({ account }: { account: KeyAccount }) {
  const { t } = useTranslation("keyaccounts");
  const roles = useDictionary("account_role");
  return (
    <Panel title={t("team")} flush>
      <ul className={record.rows}>
        <li className={record.row}>
          <span className={record.words}>{account.manager?.name ?? t("no_manager")}</span>
          <span className={record.sub}>{t("field.manager")}</span>
        </li>
        {account.team.map((one) => (
          <li key={one.user.id} className={record.row}>
            <span className={record.words}>
              {one.user.name}
              {!one.active && <span className={record.sub}> · {t("left")}</span>}
            </span>
            <span className={record.sub}>{roles.word(one.role)}</span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function Goals({ account, mayWrite }: { account: KeyAccount; mayWrite: boolean }) {
  const { t } = useTranslation("keyaccounts");
  const f = useFormat();
  const change = useChange(account);
  const statuses = GOAL_STATUSES.map((value) => ({ value, label: t(`goal.${value}`) }));
  const set = (place: number, status: Goal["status"]) =>
    change.mutate({ goals: account.goals.map((goal, at) => (at === place ? { ...goal, status } : goal)) });
  return (
    <Panel title={t("goals")} flush>
      {account.goals.length === 0 && <p className={record.nothing}>{t("no_goals")}</p>}
      <ul className={record.rows}>
        {account.goals.map((goal, place) => (
          <li key={`${goal.title}-${goal.due_on}`} className={record.row}>
            <span className={record.words}>
              <span className={goal.status === "open" ? undefined : classes.done}>{goal.title}</span>
              <br />
              <span className={record.sub}>
                {[goal.target, goal.due_on && t("due", { day: f.date(goal.due_on) })]
                  .filter(Boolean)
                  .join(" · ")}
              </span>
            </span>
            {mayWrite ? (
              <LazySelect
                aria-label={t("goal_status", { name: goal.title })}
                allowDeselect={false}
                w={130}
                data={statuses}
                value={goal.status}
                onChange={(status) => status && set(place, status as Goal["status"])}
              />
            ) : (
              <span className={record.sub}>{t(`goal.${goal.status}`)}</span>
            )}
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function TouchpointMap({ account, mayWrite }: { account: KeyAccount; mayWrite: boolean }) {
  const { t } = useTranslation("keyaccounts");
  const f = useFormat();
  const word = useTouchpointWord();
  const [planning, setPlanning] = useState<Touchpoint>();
  const told = (one: Touchpoint) =>
    [
      one.last_on ? t("last", { day: f.date(one.last_on) }) : t("never"),
      typeof one.times === "number" && one.times > 0 && t("times", { count: one.times }),
      one.every_days && t("every", { count: one.every_days }),
      one.state === "due" && one.due_on && t("was_due", { day: f.date(one.due_on) }),
      one.note,
    ]
      .filter(Boolean)
      .join(" · ");
  return (
    <Panel title={t("map")} flush>
      {GROUPS.map((group) => {
        const touchpoints = account.touchpoints.filter((one) => one.group === group);
        if (touchpoints.length === 0) return null;
        return (
          <section key={group}>
            <h3 className={classes.group}>{t(`group.${group}`)}</h3>
            <ul className={record.rows}>
              {touchpoints.map((one) => (
                <li key={one.key} className={record.row}>
                  <span className={record.words}>
                    {word(group, one.key)}
                    <br />
                    <span className={record.sub}>{told(one)}</span>
                  </span>
                  <Group gap={6} wrap="nowrap">
                    <Badge variant="light" color={STATES[one.state]}>
                      {t(`state.${one.state}`)}
                    </Badge>
                    {mayWrite && (
                      <IconButton
                        label={t("plan_one", { name: word(group, one.key) })}
                        onClick={() => setPlanning(one)}
                      >
                        <IconPencil size={15} />
                      </IconButton>
                    )}
                  </Group>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
      <Suspense>
        {planning && (
          <TouchpointDialog
            account={account}
            touchpoint={planning}
            name={word(planning.group, planning.key)}
            onClose={() => setPlanning(undefined)}
          />
        )}
      </Suspense>
    </Panel>
  );
}
