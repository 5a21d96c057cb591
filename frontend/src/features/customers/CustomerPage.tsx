import { useQuery, useQueryClient } from "@tanstack/react-query";
import { Navigate, useParams } from "@tanstack/react-router";
import { lazy, Suspense, useState } from "react";
import { isProblem, keys, useCan } from "@/api";
import { useShortcuts } from "@/app/shortcuts";
import { loadDealerPanel } from "@/features/dealers";
import { loadJourneysPanel } from "@/features/journeys";
import { loadKeyAccountPanel } from "@/features/keyaccounts";
import { NextActionsPanel } from "@/features/next";
import { CustomerOpportunities } from "@/features/pipeline";
import { QualificationPanel } from "@/features/qualifications";
import { QuotesPanel } from "@/features/sales";
import { TasksPanel } from "@/features/tasks";
import { useFieldSave } from "@/shared/form";
import { Page, Waiting } from "@/shared/ui";
import { CustomerFacts } from "./CustomerFacts";
import { CustomerHeader } from "./CustomerHeader";
import classes from "./CustomerPage.module.css";
import { patchCustomer } from "./commands";
import { DatesPanel } from "./DatesPanel";
import { FactsPanel } from "./FactsPanel";
import { OutlookPanel } from "./OutlookPanel";
import { PreferencesPanel } from "./PreferencesPanel";
import { cardQuery, readCustomer } from "./queries";
import { TimelinePanel } from "./TimelinePanel";
import type { Card, Customer } from "./types";

const JourneysPanel = lazy(loadJourneysPanel);
const KeyAccountPanel = lazy(loadKeyAccountPanel);
const DealerPanel = lazy(loadDealerPanel);
const MorePanels = lazy(() => import("./MorePanels"));
const CustomerPanel = lazy(() =>
  import("./CustomerPanel").then((module) => ({ default: module.CustomerPanel })),
);

/** One customer on one screen: who, what they are worth, what was said, what they like. */
export function CustomerPage() {
  const { id } = useParams({ from: "/_app/customers/$id" });
  const card = useQuery(cardQuery(id));
  const into = isProblem(card.error, "merged") ? card.error.mergedInto : undefined;
  if (into) return <Navigate to="/customers/$id" params={{ id: into }} replace />;
  if (card.data) return <Shown key={id} card={card.data} />;
  return (
    <Page>
      <Waiting query={card} rows={14} />
    </Page>
  );
}

function Shown({ card }: { card: Card }) {
  const { customer } = card;
  const client = useQueryClient();
  const mayWrite = useCan("customers:customer:write");
  const [editing, setEditing] = useState(false);
  const put = (row: Customer) => {
    client.setQueryData<Card>(cardQuery(row.id).queryKey, (old) => old && { ...old, customer: row });
    void client.invalidateQueries({ queryKey: keys.of("customers") });
  };
  const saver = useFieldSave({ read: readCustomer, patch: patchCustomer, onSaved: put });
  useShortcuts({ e: () => mayWrite && setEditing(true) });
  return (
    <Page>
      <CustomerHeader card={card} mayWrite={mayWrite} onEdit={() => setEditing(true)} />
      <div className={classes.columns}>
        <div className={classes.left}>
          <CustomerFacts
            customer={customer}
            saver={saver}
            mayWrite={mayWrite}
            onEdit={() => setEditing(true)}
          />
        </div>
        <div className={classes.middle}>
          <NextActionsPanel customer={customer.id} />
          <QualificationPanel customer={customer} mayWrite={mayWrite} />
          <Suspense>
            <JourneysPanel customer={customer} mayWrite={mayWrite} />
          </Suspense>
          <TimelinePanel customer={customer} first={card.timeline} mayWrite={mayWrite} />
        </div>
        <div className={classes.right}>
          <Suspense>
            <KeyAccountPanel customer={customer.id} mayWrite={mayWrite} />
            {customer.kind === "organization" && <DealerPanel customer={customer.id} mayWrite={mayWrite} />}
          </Suspense>
          <TasksPanel customer={customer} />
          <PreferencesPanel customer={customer.id} preferences={card.preferences} mayWrite={mayWrite} />
          <FactsPanel customer={customer.id} facts={card.facts} mayWrite={mayWrite} />
          <OutlookPanel customer={customer} metrics={card.metrics} />
          <DatesPanel card={card} mayWrite={mayWrite} />
          <CustomerOpportunities customer={customer} />
          <QuotesPanel of={{ field: "customer", id: customer.id }} />
          <Suspense>
            <MorePanels card={card} mayWrite={mayWrite} />
          </Suspense>
        </div>
      </div>
      {saver.dialog}
      <Suspense>
        {editing && (
          <CustomerPanel
            customer={customer}
            onClose={() => setEditing(false)}
            onSaved={(row) => {
              put(row);
              setEditing(false);
            }}
          />
        )}
      </Suspense>
    </Page>
  );
}
