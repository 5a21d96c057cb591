import { createFileRoute } from "@tanstack/react-router";
import { GrowthPage } from "@/features/insight/trends/GrowthPage";
import { trendSearch } from "@/features/insight/trends/queries";

export const Route = createFileRoute("/_app/insight_/growth")({
  validateSearch: trendSearch,
  component: GrowthPage,
});
