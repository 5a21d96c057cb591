import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { Button, Group, Textarea } from "@/shared/ui";
import classes from "./Qualification.module.css";
import { decideQualification } from "./queries";
import type { Qualification, Round } from "./types";
import { useActs } from "./useActs";

/** Who approves, in which order, and what they said. */
export function Approvals({ row }: { row: Qualification }) {
  const { t } = useTranslation("qualifications");
  const round = row.rounds.at(-1);
  return (
    <div className={classes.part}>
      <ul className={classes.list}>
        {row.approvals.map((one, at) => (
          <li key={one.label} className={classes.item}>
            <span className={classes.itemName}>
              {one.label}
              <span className={classes.sub}> · {one.by.map((who) => who.name).join(t("or"))}</span>
            </span>
            <Said round={round} at={at} next={row.status === "proposed" && row.stage === at} />
          </li>
        ))}
      </ul>
      {row.own_proposal && <p className={classes.sub}>{t("own_proposal")}</p>}
      {row.may.includes("decide") && <Deciding row={row} />}
      {row.rounds.length > 1 && <Earlier rounds={row.rounds.slice(0, -1)} />}
    </div>
  );
}

function Said({ round, at, next }: { round: Round | undefined; at: number; next: boolean }) {
  const { t } = useTranslation("qualifications");
  const f = useFormat();
  const one = round?.decisions[at];
  if (one) {
    return (
      <span className={classes.sub}>
        {t(one.approved ? "approved_by" : "rejected_by", { name: one.by.name })} · {f.ago(one.at)}
        {one.note && ` · ${one.note}`}
      </span>
    );
  }
  return next && round ? (
    <span className={classes.sub}>
      {t("waits_since", { name: round.proposed_by.name, at: f.ago(round.proposed_at) })}
    </span>
  ) : null;
}

function Deciding({ row }: { row: Qualification }) {
  const { t } = useTranslation("qualifications");
  const { run, busy } = useActs(row);
  const [note, setNote] = useState("");
  const decide = (approve: boolean) =>
    void run((now) => decideQualification(now, approve, note.trim())).catch(() => undefined);
  return (
    <>
      <Textarea
        label={t("decision_note")}
        description={t("decision_note_hint")}
        autosize
        minRows={2}
        value={note}
        onChange={(event) => setNote(event.currentTarget.value)}
      />
      <Group gap="xs" justify="flex-end">
        <Button
          variant="default"
          color="red"
          loading={busy}
          disabled={!note.trim()}
          onClick={() => decide(false)}
        >
          {t("reject")}
        </Button>
        <Button loading={busy} onClick={() => decide(true)}>
          {t("approve")}
        </Button>
      </Group>
    </>
  );
}

/** Proposals that were refused before. */
export function Earlier({ rounds }: { rounds: Round[] }) {
  const { t } = useTranslation("qualifications");
  const f = useFormat();
  return (
    <>
      <p className={classes.sub}>{t("earlier_rounds")}</p>
      <ul className={classes.list}>
        {rounds.map((round) => (
          <li key={round.proposed_at} className={classes.item}>
            <span>{t("proposed_by", { name: round.proposed_by.name, at: f.date(round.proposed_at) })}</span>
            {round.decisions.map((one) => (
              <span key={one.at} className={classes.sub}>
                {t(one.approved ? "approved_by" : "rejected_by", { name: one.by.name })}
                {one.note && ` · ${one.note}`}
              </span>
            ))}
          </li>
        ))}
      </ul>
    </>
  );
}
