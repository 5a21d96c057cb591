import { useState } from "react";
import { useTranslation } from "react-i18next";
import { SegmentedControl, TextInput } from "@/shared/ui";
import { FoundLine } from "./Found";
import classes from "./Qualification.module.css";
import { fillQualification } from "./queries";
import type { Qualification } from "./types";
import { useActs } from "./useActs";

type One = Qualification["criteria"][number];

/** The checklist: each is met or not, with a note. */
export function Criteria({ row, may }: { row: Qualification; may: boolean }) {
  return (
    <ul className={classes.list}>
      {row.criteria.map((one) => (
        <li key={one.key} className={classes.item}>
          <CriterionRow row={row} one={one} may={may} />
        </li>
      ))}
    </ul>
  );
}

function CriterionRow({ row, one, may }: { row: Qualification; one: One; may: boolean }) {
  const { t } = useTranslation("qualifications");
  const { run } = useActs(row);
  const [note, setNote] = useState(one.note ?? "");
  const met = one.met === true ? "yes" : one.met === false ? "no" : "open";
  const say = (change: { met?: boolean | null; note?: string | null }) =>
    void run((now) => fillQualification(now, { criteria: { [one.key]: change } })).catch(() => undefined);
  return (
    <>
      <div className={classes.itemHead}>
        <span className={classes.itemName}>
          {one.label}
          {one.required && <span className={classes.sub}> · {t("required")}</span>}
        </span>
        {may ? (
          <SegmentedControl
            size="xs"
            aria-label={one.label}
            value={met}
            onChange={(value) => say({ met: value === "open" ? null : value === "yes" })}
            data={[
              { value: "open", label: "–" },
              { value: "yes", label: t("met") },
              { value: "no", label: t("unmet") },
            ]}
          />
        ) : (
          <span>{t(met === "yes" ? "met" : met === "no" ? "unmet" : "unknown")}</span>
        )}
      </div>
      {may ? (
        <TextInput
          size="xs"
          aria-label={t("note_of", { name: one.label })}
          placeholder={t("note")}
          value={note}
          onChange={(event) => setNote(event.currentTarget.value)}
          onBlur={() => note !== (one.note ?? "") && say({ note: note || null })}
          onKeyDown={(event) =>
            event.key === "Enter" && !event.nativeEvent.isComposing && event.currentTarget.blur()
          }
        />
      ) : (
        one.note && <span>{one.note}</span>
      )}
      <FoundLine found={one.found} />
    </>
  );
}
