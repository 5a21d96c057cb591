import { createFileRoute } from "@tanstack/react-router";
import { ClustersPage } from "@/features/insight/clusters/ClustersPage";
import { clusterSearch } from "@/features/insight/clusters/queries";

export const Route = createFileRoute("/_app/insight_/clusters")({
  validateSearch: clusterSearch,
  component: ClustersPage,
});
