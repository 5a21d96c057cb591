import { lazy, Suspense } from "react";
import { AttachmentsPanel } from "@/features/attachments";
import { loadCostsPanel } from "@/features/costs";
import { loadTrainingsPanel } from "@/features/dealers";
import { loadRecommendationsPanel } from "@/features/insight";
import { AssetsPanel } from "./AssetsPanel";
import { ConsentPanel } from "./ConsentPanel";
import { MergesPanel } from "./Doubles";
import { OrdersPanel, OwnedPanel } from "./panels";
import { RelationsPanel } from "./RelationsPanel";
import { SharesPanel } from "./SharesPanel";
import type { Card } from "./types";
import { WishesPanel } from "./WishesPanel";

const RecommendationsPanel = lazy(loadRecommendationsPanel);
const CostsPanel = lazy(loadCostsPanel);
const TrainingsPanel = lazy(loadTrainingsPanel);

/** What stands further down on a customer's page, fetched behind what is seen first. */
export default function MorePanels({ card, mayWrite }: { card: Card; mayWrite: boolean }) {
  const { customer } = card;
  return (
    <>
      <WishesPanel customer={customer} mayWrite={mayWrite} />
      <AssetsPanel customer={customer} mayWrite={mayWrite} />
      <OwnedPanel owned={card.products_owned} />
      <Suspense>
        <RecommendationsPanel customer={customer.id} />
      </Suspense>
      <OrdersPanel customer={customer} orders={card.recent_orders} />
      <Suspense>
        <CostsPanel customer={customer.id} mayWrite={mayWrite} />
      </Suspense>
      <RelationsPanel customer={customer} relations={card.relations} mayWrite={mayWrite} />
      {customer.kind === "person" && (
        <Suspense>
          <TrainingsPanel customer={customer.id} mayWrite={mayWrite} />
        </Suspense>
      )}
      <AttachmentsPanel subject={{ type: "customer", id: customer.id }} mayWrite={mayWrite} />
      <ConsentPanel customer={customer} mayWrite={mayWrite} />
      <SharesPanel customer={customer} />
      <MergesPanel customer={customer} />
    </>
  );
}
