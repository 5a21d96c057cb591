import { createFileRoute } from "@tanstack/react-router";
import { CompositionPage } from "@/features/insight/trends/CompositionPage";
import { trendSearch } from "@/features/insight/trends/queries";

export const Route = createFileRoute("/_app/insight_/composition")({
  validateSearch: trendSearch,
  component: CompositionPage,
});
