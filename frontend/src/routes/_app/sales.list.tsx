import { createFileRoute } from "@tanstack/react-router";
import { OpportunitiesPage } from "@/features/pipeline/OpportunitiesPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/sales/list")({
  validateSearch: listSearch,
  component: OpportunitiesPage,
});
