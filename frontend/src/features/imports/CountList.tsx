import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import classes from "./Imports.module.css";
import type { Counts } from "./types";

const SHOWN = ["rows", "create", "update", "unchanged", "reject"] as const;

export function CountList({ counts }: { counts: Counts }) {
  const { t } = useTranslation("imports");
  const f = useFormat();
  return (
    <dl className={classes.counts}>
      {SHOWN.map((key) => (
        <div
          key={key}
          className={classes.count}
          data-tone={key === "reject" && counts.reject > 0 ? "bad" : undefined}
        >
          <dt>{t(key === "rows" ? "rows" : `outcome.${key}`)}</dt>
          <dd>{f.number(counts[key])}</dd>
        </div>
      ))}
    </dl>
  );
}
