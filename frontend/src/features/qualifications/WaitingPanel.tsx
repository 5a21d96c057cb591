import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { Panel, TextLink } from "@/shared/ui";
import classes from "./Qualification.module.css";
import { waitingQuery } from "./queries";

/** On Today: new customers that wait for the reader's approval; nothing when there are none. */
export function WaitingPanel() {
  const { t } = useTranslation("qualifications");
  const f = useFormat();
  const may = useCan("customers:customer:read");
  const lines = useQuery({ ...waitingQuery, enabled: may }).data ?? [];
  if (lines.length === 0) return null;
  return (
    <Panel title={t("waiting_title")}>
      <ul className={classes.list}>
        {lines.map((one) => (
          <li key={one.id} className={classes.item}>
            <TextLink to="/customers/$id" params={{ id: one.customer.id }}>
              {one.customer.name}
            </TextLink>
            <span className={classes.sub}>
              {[one.waits_for, one.owner?.name, one.proposed_at && f.ago(one.proposed_at)]
                .filter(Boolean)
                .join(" · ")}
            </span>
          </li>
        ))}
      </ul>
    </Panel>
  );
}
