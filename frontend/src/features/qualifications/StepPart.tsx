import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { Button, DateField, Group, SegmentedControl, Textarea } from "@/shared/ui";
import { FoundLine } from "./Found";
import classes from "./Qualification.module.css";
import { fillQualification } from "./queries";
import type { Qualification } from "./types";
import { useActs } from "./useActs";

interface Props {
  row: Qualification;
  step: Qualification["steps"][number];
  may: boolean;
}

/** One survey: what was found, on which day, and whether that is good enough. */
export function StepPart({ row, step, may }: Props) {
  const { t } = useTranslation("qualifications");
  const f = useFormat();
  const { run, busy } = useActs(row);
  const [findings, setFindings] = useState(step.findings ?? "");
  const [on, setOn] = useState<string | null>(step.on ?? null);
  const [passed, setPassed] = useState(step.passed === true ? "yes" : step.passed === false ? "no" : "");
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const said = { findings: findings.trim() || null, on, passed: passed === "" ? null : passed === "yes" };
    void run((now) => fillQualification(now, { steps: { [step.key]: said } })).catch(() => undefined);
  };
  if (!may) {
    return (
      <div className={classes.part}>
        {step.guidance && <p className={classes.sub}>{step.guidance}</p>}
        {step.passed != null && (
          <p>
            {[t(step.passed ? "passed" : "failed"), step.on && f.date(step.on)].filter(Boolean).join(" · ")}
          </p>
        )}
        {step.findings && <p className={classes.words}>{step.findings}</p>}
        <FoundLine found={step.found} />
      </div>
    );
  }
  return (
    <form className={classes.part} onSubmit={submit}>
      {step.guidance && <p className={classes.sub}>{step.guidance}</p>}
      <Textarea
        label={t("findings")}
        autosize
        minRows={2}
        value={findings}
        onChange={(event) => setFindings(event.currentTarget.value)}
      />
      <Group align="flex-end" gap="sm">
        <DateField label={t("on")} value={on} onChange={setOn} clearable />
        <SegmentedControl
          aria-label={t("result")}
          value={passed}
          onChange={setPassed}
          data={[
            { value: "", label: "–" },
            { value: "yes", label: t("passed") },
            { value: "no", label: t("failed") },
          ]}
        />
        <Button type="submit" variant="default" loading={busy}>
          {t("common:action.save")}
        </Button>
      </Group>
      <FoundLine found={step.found} />
    </form>
  );
}
