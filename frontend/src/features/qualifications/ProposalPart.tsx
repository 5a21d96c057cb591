import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useMe } from "@/api";
import { useFormat } from "@/shared/format";
import { Alert, Button, DateField, Group, Textarea, TextInput } from "@/shared/ui";
import { Gaps } from "./Gaps";
import classes from "./Qualification.module.css";
import { fillQualification, proposeQualification } from "./queries";
import type { Qualification } from "./types";
import { useActs } from "./useActs";

/** Why they should become a customer and what they buy first; laid before those who approve. */
export function ProposalPart({ row, may }: { row: Qualification; may: boolean }) {
  const { t } = useTranslation("qualifications");
  const { run, busy } = useActs(row);
  const currency = useMe().company.currency;
  const said = row.proposal;
  const [reasons, setReasons] = useState(said.reasons ?? "");
  const [deal, setDeal] = useState(said.first_deal ?? "");
  const [amount, setAmount] = useState(said.first_deal_amount?.amount ?? "");
  const [on, setOn] = useState<string | null>(said.first_deal_on ?? null);
  if (!may) return <Shown row={row} />;
  const fill = (now: Qualification) =>
    fillQualification(now, {
      proposal: {
        reasons: reasons.trim() || null,
        first_deal: deal.trim() || null,
        first_deal_amount: amount.trim() ? { amount: amount.trim(), currency } : null,
        first_deal_on: on,
      },
    });
  const save = (event: FormEvent) => {
    event.preventDefault();
    void run(fill).catch(() => undefined);
  };
  const propose = () => void run(async (now) => proposeQualification(await fill(now))).catch(() => undefined);
  const gaps = row.gaps.filter((one) => one.kind !== "reasons" || !reasons.trim());
  const refused = row.rounds.at(-1)?.decisions.findLast((one) => !one.approved);
  return (
    <form className={classes.part} onSubmit={save}>
      {row.status === "rejected" && refused && (
        <Alert color="red" variant="light" title={t("rejected_by", { name: refused.by.name })}>
          {refused.note}
        </Alert>
      )}
      <Textarea
        label={t("reasons")}
        required
        autosize
        minRows={2}
        value={reasons}
        onChange={(event) => setReasons(event.currentTarget.value)}
      />
      <TextInput
        label={t("first_deal")}
        placeholder={t("first_deal_hint")}
        value={deal}
        onChange={(event) => setDeal(event.currentTarget.value)}
      />
      <Group grow align="flex-start" gap="sm">
        <TextInput
          label={t("first_deal_amount", { currency })}
          inputMode="decimal"
          value={amount}
          onChange={(event) => setAmount(event.currentTarget.value)}
        />
        <DateField label={t("first_deal_on")} value={on} onChange={setOn} clearable />
      </Group>
      <Gaps gaps={gaps} />
      <Group gap="xs" justify="flex-end">
        <Button type="submit" variant="default" loading={busy}>
          {t("common:action.save")}
        </Button>
        <Button onClick={propose} loading={busy} disabled={gaps.length > 0}>
          {t(row.rounds.length > 0 ? "propose_again" : "propose")}
        </Button>
      </Group>
    </form>
  );
}

function Shown({ row }: { row: Qualification }) {
  const { t } = useTranslation("qualifications");
  const f = useFormat();
  const said = row.proposal;
  const deal = [
    said.first_deal,
    said.first_deal_amount && f.money(said.first_deal_amount),
    said.first_deal_on && f.date(said.first_deal_on),
  ];
  return (
    <div className={classes.part}>
      {said.reasons && <p className={classes.words}>{said.reasons}</p>}
      {deal.some(Boolean) && (
        <p className={classes.sub}>
          {t("first_deal")}: {deal.filter(Boolean).join(" · ")}
        </p>
      )}
    </div>
  );
}
