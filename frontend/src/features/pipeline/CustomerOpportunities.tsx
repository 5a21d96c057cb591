import { IconPlus } from "@tabler/icons-react";
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import { keys, useCan } from "@/api";
import { useFormat } from "@/shared/format";
import { IconButton, Panel, TextLink } from "@/shared/ui";
import { LeadMark, StageMark } from "./marks";
import classes from "./Opportunity.module.css";
import { customerOpportunitiesQuery, OPPORTUNITIES, ofCustomer } from "./queries";

const OpportunityDialog = lazy(() => import("./OpportunityDialog"));

/** What is being sold to one customer. */
export function CustomerOpportunities({ customer }: { customer: { id: string; name: string } }) {
  const { t } = useTranslation("pipeline");
  const f = useFormat();
  const client = useQueryClient();
  const mayRead = useCan("sales:opportunity:read");
  const mayWrite = useCan("sales:opportunity:write");
  const rows = useQuery({ ...customerOpportunitiesQuery(customer.id), enabled: mayRead }).data;
  const [adding, setAdding] = useState(false);
  if (!rows || (rows.items.length === 0 && !mayWrite)) return null;
  return (
    <Panel
      title={t("opportunities")}
      flush
      aside={
        <span>
          {rows.next_cursor && (
            <TextLink to="/sales/list" search={{ filter: ofCustomer(customer.id) }} size="sm">
              {t("all")}
            </TextLink>
          )}
          {mayWrite && (
            <IconButton label={t("new")} onClick={() => setAdding(true)}>
              <IconPlus size={16} />
            </IconButton>
          )}
        </span>
      }
    >
      {rows.items.length === 0 && <p className={classes.nothing}>{t("customer_none")}</p>}
      <ul className={classes.rows}>
        {rows.items.map((one) => (
          <li key={one.id} className={classes.row}>
            <span className={classes.words}>
              <TextLink to="/sales/$id" params={{ id: one.id }}>
                {one.name}
              </TextLink>{" "}
              <StageMark of={one} /> <LeadMark of={one} />
            </span>
            <span className="tabular">{one.amount && f.money(one.amount)}</span>
          </li>
        ))}
      </ul>
      <Suspense>
        {adding && (
          <OpportunityDialog
            customer={customer}
            onClose={() => setAdding(false)}
            onSaved={() => {
              setAdding(false);
              void client.invalidateQueries({ queryKey: keys.of(OPPORTUNITIES) });
              void client.invalidateQueries({ queryKey: keys.one("customers", customer.id) });
            }}
          />
        )}
      </Suspense>
    </Panel>
  );
}
