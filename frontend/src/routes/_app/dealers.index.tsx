import { createFileRoute } from "@tanstack/react-router";
import { DealersPage } from "@/features/dealers/DealersPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/dealers/")({
  validateSearch: listSearch,
  component: DealersPage,
});
