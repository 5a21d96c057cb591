import { useTranslation } from "react-i18next";
import { useFormat } from "@/shared/format";
import { Earlier } from "./Approvals";
import { QualificationMark } from "./marks";
import classes from "./Qualification.module.css";
import type { Qualification } from "./types";

/** Attempts that are over. */
export function Past({ rows }: { rows: Qualification[] }) {
  const { t } = useTranslation("qualifications");
  const f = useFormat();
  return (
    <div className={classes.part}>
      <p className={classes.sub}>{t("past")}</p>
      {rows.map((one) => (
        <div key={one.id} className={classes.item}>
          <span>
            {one.template.name} · {f.date(one.started_at)} <QualificationMark status={one.status} />
          </span>
          {one.rounds.length > 0 && <Earlier rounds={one.rounds} />}
        </div>
      ))}
    </div>
  );
}
