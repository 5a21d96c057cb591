import { IconCheck, IconClock, IconX } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "@/shared/ui";
import { Approvals } from "./Approvals";
import { Contracts } from "./Contracts";
import { Criteria } from "./Criteria";
import { ProposalPart } from "./ProposalPart";
import classes from "./Qualification.module.css";
import { StepPart } from "./StepPart";
import type { Qualification } from "./types";
import { Withdraw } from "./Withdraw";

type Look = "done" | "failed" | "now" | "later";

interface Stop {
  key: string;
  title: string;
  look: Look;
  body: ReactNode;
}

const ICON: Record<Look, ReactNode> = {
  done: <IconCheck size={14} stroke={2.5} />,
  failed: <IconX size={14} stroke={2.5} />,
  now: <IconClock size={14} />,
  later: null,
};

/** The way to becoming a customer, stop by stop; the one it stands at is open. */
export function Course({ row, mayWrite }: { row: Qualification; mayWrite: boolean }) {
  const { t } = useTranslation("qualifications");
  const stops = useStops(row, mayWrite);
  const current = stops.find((one) => one.look !== "done")?.key;
  const [opened, setOpened] = useState<Record<string, boolean>>({});
  return (
    <>
      <ol className={classes.course}>
        {stops.map((one) => {
          const open = opened[one.key] ?? one.key === current;
          return (
            <li key={one.key} className={classes.stop} data-look={one.look}>
              <span className={classes.mark} aria-hidden="true">
                {ICON[one.look]}
              </span>
              <div className={classes.stopBody}>
                <Button
                  variant="transparent"
                  className={classes.stopTitle}
                  size="compact-sm"
                  aria-expanded={open}
                  onClick={() => setOpened((all) => ({ ...all, [one.key]: !open }))}
                >
                  {one.title}
                  <span className={classes.look}>{t(`look.${one.look}`)}</span>
                </Button>
                {open && one.body}
              </div>
            </li>
          );
        })}
      </ol>
      {row.may.includes("withdraw") && <Withdraw row={row} />}
    </>
  );
}

function useStops(row: Qualification, mayWrite: boolean): Stop[] {
  const { t } = useTranslation("qualifications");
  const may = row.may.includes("fill");
  const asked = row.criteria.filter((one) => one.required);
  const unmet = row.criteria.some((one) => one.required && one.met === false);
  const met = asked.every((one) => one.met === true);
  const decided = row.status === "approved" || row.status === "qualified";
  const waits = row.status === "proposed";
  const before = [met, ...row.steps.map((one) => one.passed === true)];
  const turn = (at: number, done: boolean, failed: boolean): Look => {
    if (failed) return "failed";
    if (done) return "done";
    return before.slice(0, at).every(Boolean) ? "now" : "later";
  };
  const ready = before.every(Boolean);
  const proposed = waits || decided;
  const look = (done: boolean, now: boolean): Look => (done ? "done" : now ? "now" : "later");
  return [
    ...(row.criteria.length > 0
      ? [
          {
            key: "criteria",
            title: t("criteria"),
            look: turn(0, met, unmet),
            body: <Criteria row={row} may={may} />,
          },
        ]
      : []),
    ...row.steps.map((step, at) => ({
      key: step.key,
      title: step.label,
      look: turn(at + 1, step.passed === true, step.passed === false),
      body: (
        <StepPart
          row={row}
          step={step}
          may={may && row.steps.slice(0, at).every((one) => one.passed != null)}
        />
      ),
    })),
    {
      key: "proposal",
      title: t("proposal"),
      look: look(proposed, ready),
      body: <ProposalPart row={row} may={may} />,
    },
    {
      key: "approvals",
      title: t("approval"),
      look: row.status === "rejected" ? "failed" : look(decided, waits),
      body: <Approvals row={row} />,
    },
    ...(row.contracts.length > 0
      ? [
          {
            key: "contracts",
            title: t("contracts"),
            look: look(row.status === "qualified", row.status === "approved"),
            body: <Contracts row={row} mayWrite={mayWrite} />,
          },
        ]
      : []),
    {
      key: "code",
      title: row.status === "qualified" && row.code ? t("code_given", { code: row.code }) : t("code"),
      look: look(row.status === "qualified", false),
      body: <p className={classes.sub}>{t(row.status === "qualified" ? "code_done_hint" : "code_hint")}</p>,
    },
  ];
}
