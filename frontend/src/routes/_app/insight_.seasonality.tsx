import { createFileRoute } from "@tanstack/react-router";
import { trendSearch } from "@/features/insight/trends/queries";
import { SeasonPage } from "@/features/insight/trends/SeasonPage";

export const Route = createFileRoute("/_app/insight_/seasonality")({
  validateSearch: trendSearch,
  component: SeasonPage,
});
