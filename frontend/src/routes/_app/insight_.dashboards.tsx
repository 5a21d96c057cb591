import { createFileRoute } from "@tanstack/react-router";
import { DashboardsPage } from "@/features/insight/dashboards/DashboardsPage";
import { boardSearch } from "@/features/insight/dashboards/draft";

export const Route = createFileRoute("/_app/insight_/dashboards")({
  validateSearch: boardSearch,
  component: DashboardsPage,
});
