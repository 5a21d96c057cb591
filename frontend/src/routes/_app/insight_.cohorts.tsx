import { createFileRoute } from "@tanstack/react-router";
import { CohortsPage } from "@/features/insight/trends/CohortsPage";
import { trendSearch } from "@/features/insight/trends/queries";

export const Route = createFileRoute("/_app/insight_/cohorts")({
  validateSearch: trendSearch,
  component: CohortsPage,
});
