import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { Anchor, Panel, TextLink } from "@/shared/ui";
import classes from "./CustomerPage.module.css";
import { changesQuery } from "./queries";
import type { Customer, Metrics } from "./types";

/** What is expected of the customer, where they stand, and how they came there. */
export function OutlookPanel({ customer, metrics }: { customer: Customer; metrics?: Metrics | null }) {
  const { t, i18n } = useTranslation(["outlook", "customers"]);
  const f = useFormat();
  const [history, setHistory] = useState(false);
  if (!metrics?.lifecycle) return null;
  const days = metrics.horizon_days ?? 0;
  const { programme, durable } = metrics;
  const rows: [key: string, words: string | undefined][] = [
    [
      "lifecycle",
      [
        t(`lifecycle.${metrics.lifecycle}`),
        metrics.lifecycle_reason && t(`lifecycle_reason.${metrics.lifecycle_reason}`),
      ]
        .filter(Boolean)
        .join(" · "),
    ],
    ["loyalty_class", metrics.loyalty_class && t(`loyalty_class.${metrics.loyalty_class}`)],
    ["matrix", metrics.matrix && t(`matrix.${metrics.matrix}`)],
    ["situation", metrics.situation && t(`situation.${metrics.situation}`)],
    ["lifetime_value", metrics.lifetime_value && f.money(metrics.lifetime_value)],
    ["lifetime_basis", metrics.lifetime_basis && t(`basis.${metrics.lifetime_basis}`)],
    [
      "programme",
      programme &&
        t("card.programme", {
          name: i18n.language.startsWith("zh") ? programme.name_zh : programme.name_en,
          paid: f.number(programme.paid),
        }),
    ],
    [
      "bills",
      programme?.residual_value
        ? t("card.bills", {
            remaining: f.number(programme.remaining, 1),
            worth: f.money(programme.residual_value),
          })
        : undefined,
    ],
    [
      "durable",
      durable?.value
        ? t("card.durable", {
            name: i18n.language.startsWith("zh") ? durable.name_zh : durable.name_en,
            value: f.money(durable.value),
          })
        : undefined,
    ],
    [
      "wallet_share",
      typeof metrics.wallet_share === "number" ? f.percent(metrics.wallet_share, 0) : undefined,
    ],
    ["past_value", metrics.past_value && f.money(metrics.past_value)],
    [
      "no_purchase",
      typeof metrics.no_purchase === "number"
        ? t("card.no_purchase", { share: f.percent(metrics.no_purchase, 0), days })
        : undefined,
    ],
  ].map(([key, words]) => [key as string, words || undefined]);
  return (
    <Panel title={t("card.title")} flush>
      {metrics.warned_on && (
        <p className={classes.nothing}>
          <TextLink to="/insight/warnings">{t("card.warned", { date: f.date(metrics.warned_on) })}</TextLink>
        </p>
      )}
      <ul className={classes.rows}>
        {rows
          .filter(([, words]) => words)
          .map(([key, words]) => (
            <li key={key} className={classes.row}>
              <span className={classes.rowWords}>{t(`card.${key}_label`)}</span>
              <span className={classes.rowEnd}>{words}</span>
            </li>
          ))}
      </ul>
      <p className={classes.nothing}>
        {history ? (
          <History customer={customer.id} />
        ) : (
          <Anchor component="button" type="button" size="sm" onClick={() => setHistory(true)}>
            {t("card.history")}
          </Anchor>
        )}
      </p>
    </Panel>
  );
}

function History({ customer }: { customer: string }) {
  const { t } = useTranslation(["outlook", "customers"]);
  const f = useFormat();
  const may = useCan("insight:metric:read");
  const changes = useQuery({ ...changesQuery(customer), enabled: may });
  if (!changes.data) return null;
  if (changes.data.items.length === 0) return <span>{t("card.no_history")}</span>;
  const word = (kind: string, key: string | null | undefined) => {
    if (!key) return "—";
    if (kind === "stage") return t(`customers:stage.${key}`);
    if (kind === "value_class") return t(`customers:value.${key}`);
    return t(`${kind}.${key}`);
  };
  return (
    <>
      {changes.data.items.map((one, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a list that never changes its order
        <span key={index} style={{ display: "block" }}>
          {f.date(one.on)} · {t(`kind.${one.kind}`)}：{word(one.kind, one.before)} →{" "}
          {word(one.kind, one.after)}
          {one.reason && ` · ${t(`lifecycle_reason.${one.reason}`)}`}
        </span>
      ))}
    </>
  );
}
