import { useTranslation } from "react-i18next";
import classes from "./Qualification.module.css";
import type { Qualification } from "./types";

/** What is still missing, in words. */
export function Gaps({ gaps }: { gaps: Qualification["gaps"] }) {
  const { t } = useTranslation("qualifications");
  if (gaps.length === 0) return null;
  return (
    <div className={classes.gaps}>
      <span>{t("missing")}</span>
      <ul>
        {gaps.map((one) => (
          <li key={`${one.kind}${one.key ?? ""}`}>{t(`gap.${one.kind}`, { name: one.label ?? "" })}</li>
        ))}
      </ul>
    </div>
  );
}
