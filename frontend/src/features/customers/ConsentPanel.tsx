import { IconBan, IconCheck, IconMinus, IconPlus, IconX } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { api, keys, ok, type Schema, useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { Anchor, Button, Group, IconButton, Panel, Tooltip, toast } from "@/shared/ui";
import classes from "./CustomerPage.module.css";
import { useDictionary } from "./choices";
import { addSuppression, endSuppression } from "./commands";
import { useMasks } from "./masked";
import { phoneWords } from "./phone";
import type { Customer } from "./types";

const ConsentDialog = lazy(() => import("./ConsentDialog"));

export type ConsentState = Schema<"ConsentState">;
type Address = Schema<"SuppressionInput">;

export const consentsQuery = (id: string) => ({
  queryKey: keys.part("customers", id, "consents"),
  queryFn: ({ signal }: { signal: AbortSignal }) =>
    ok(api.GET("/customers/{id}/consents", { params: { path: { id } }, signal })),
});

/** Whether they may be written to, rung or visited, for what, since when, and how that is known. */
export function ConsentPanel({ customer, mayWrite }: { customer: Customer; mayWrite: boolean }) {
  const { t } = useTranslation("customers");
  const purposes = useDictionary("consent_purpose");
  const client = useQueryClient();
  const board = useQuery(consentsQuery(customer.id)).data;
  const [asking, setAsking] = useState<ConsentState>();
  const [past, setPast] = useState(false);
  const refresh = () => client.invalidateQueries({ queryKey: keys.one("customers", customer.id) });
  if (!board) return null;
  const shown = [...new Set(board.states.map((one) => one.purpose))];
  return (
    <Panel
      title={t("consent.title")}
      flush
      aside={
        mayWrite && (
          <IconButton label={t("consent.note")} onClick={() => setAsking(board.states[0])}>
            <IconPlus size={16} />
          </IconButton>
        )
      }
    >
      <ul className={classes.rows}>
        {shown.map((purpose) => (
          <li key={purpose} className={classes.row} style={{ flexDirection: "column", gap: 6 }}>
            <span>{purposes.word(purpose)}</span>
            <Group gap={4}>
              {board.states
                .filter((one) => one.purpose === purpose)
                .map((one) => (
                  <StateButton
                    key={one.channel}
                    state={one}
                    purpose={purposes.word(purpose)}
                    onPress={mayWrite ? () => setAsking(one) : undefined}
                  />
                ))}
            </Group>
          </li>
        ))}
      </ul>
      <Suppressed customer={customer} listed={board.suppressed} mayWrite={mayWrite} onChanged={refresh} />
      {board.history.length > 0 && (
        <p className={classes.nothing}>
          <Anchor
            component="button"
            type="button"
            size="sm"
            aria-expanded={past}
            onClick={() => setPast((open) => !open)}
          >
            {t("consent.history", { count: board.history.length })}
          </Anchor>
        </p>
      )}
      {past && <History history={board.history} />}
      <Suspense>
        {asking && (
          <ConsentDialog
            customer={customer}
            state={asking}
            onClose={() => setAsking(undefined)}
            onSaved={() => {
              setAsking(undefined);
              void refresh();
            }}
          />
        )}
      </Suspense>
    </Panel>
  );
}

interface StateProps {
  state: ConsentState;
  purpose: string;
  onPress?: () => void;
}

function StateButton({ state, purpose, onPress }: StateProps) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const Icon = state.may_contact ? IconCheck : state.refusal === "not_given" ? IconMinus : IconX;
  const why = state.refusal ? t(`consent.refusal.${state.refusal}`) : t("consent.allowed");
  const hint = [why, state.since && t("consent.since", { day: f.date(state.since) })]
    .filter(Boolean)
    .join(" · ");
  const channel = t(`consent.channel.${state.channel}`);
  return (
    <Tooltip label={hint} openDelay={200} touch>
      <Button
        size="compact-xs"
        variant={state.refusal === "not_given" ? "default" : "light"}
        color={state.may_contact ? "pine" : state.refusal === "not_given" ? "gray" : "red"}
        leftSection={<Icon size={12} aria-hidden="true" />}
        aria-label={`${purpose} · ${channel}: ${hint}`}
        aria-disabled={onPress === undefined}
        onClick={onPress}
      >
        {channel}
      </Button>
    </Tooltip>
  );
}

interface SuppressedProps {
  customer: Customer;
  listed: Schema<"SuppressionView">[];
  mayWrite: boolean;
  onChanged: () => Promise<void>;
}

/** Which of the customer's addresses are on the do-not-contact list, and putting another there. */
function Suppressed({ customer, listed, mayWrite, onChanged }: SuppressedProps) {
  const { t } = useTranslation("customers");
  const mayEnd = useCan("customers:customer:assign");
  const masked = useMasks();
  const [open, setOpen] = useState(false);
  const add = useMutation({
    mutationFn: (address: Address) => addSuppression(address),
    onSuccess: () => {
      setOpen(false);
      return onChanged();
    },
    onError: toast.problem,
  });
  const end = useMutation({ mutationFn: endSuppression, onSuccess: onChanged, onError: toast.problem });
  const addresses: Address[] = [
    ...(masked("phone")
      ? []
      : customer.phones.map((one) => ({ kind: "phone" as const, address: one.number }))),
    ...(masked("email")
      ? []
      : customer.emails.map((one) => ({ kind: "email" as const, address: one.address }))),
  ];
  const free = addresses.filter((one) => !listed.some((other) => other.address === one.address));
  const words = (one: { kind: string; address: string }) =>
    one.kind === "phone" ? phoneWords(one.address) : one.address;
  return (
    <>
      {listed.length > 0 && (
        <ul className={classes.rows}>
          {listed.map((one) => (
            <li key={one.id} className={classes.row}>
              <IconBan size={15} aria-hidden="true" style={{ alignSelf: "center" }} />
              <span className={classes.rowWords}>
                {words(one)}
                <span className={classes.sub}> · {t("consent.suppressed")}</span>
              </span>
              {mayEnd && (
                <IconButton
                  label={t("consent.unsuppress", { address: words(one) })}
                  loading={end.isPending}
                  onClick={() => end.mutate(one.id)}
                >
                  <IconX size={15} />
                </IconButton>
              )}
            </li>
          ))}
        </ul>
      )}
      {mayWrite && free.length > 0 && (
        <p className={classes.nothing}>
          <Anchor
            component="button"
            type="button"
            size="sm"
            aria-expanded={open}
            onClick={() => setOpen((shown) => !shown)}
          >
            {t("consent.suppress")}
          </Anchor>
        </p>
      )}
      {open && (
        <Group gap={6} px="1.125rem" pb="0.875rem">
          {free.map((one) => (
            <Button
              key={one.address}
              size="compact-sm"
              variant="default"
              leftSection={<IconBan size={13} aria-hidden="true" />}
              loading={add.isPending}
              onClick={() => add.mutate(one)}
            >
              {words(one)}
            </Button>
          ))}
        </Group>
      )}
    </>
  );
}

function History({ history }: { history: Schema<"ConsentView">[] }) {
  const { t } = useTranslation("customers");
  const f = useFormat();
  const purposes = useDictionary("consent_purpose");
  return (
    <ul className={classes.rows}>
      {history.map((one) => (
        <li key={one.id} className={classes.row}>
          <span className={classes.rowWords}>
            {t(one.given ? "consent.given" : "consent.withdrawn")} · {t(`consent.channel.${one.channel}`)} ·{" "}
            {purposes.word(one.purpose)}
            <br />
            <span className={classes.sub}>
              {[
                f.dateTime(one.at),
                one.source === "merge" ? t("consent.by_merge") : one.source,
                one.proof && `“${one.proof}”`,
                one.recorded_by.name,
              ]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </span>
        </li>
      ))}
    </ul>
  );
}
