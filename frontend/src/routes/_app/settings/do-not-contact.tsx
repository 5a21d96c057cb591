import { createFileRoute } from "@tanstack/react-router";
import { SuppressionsPage } from "@/features/customers/SuppressionsPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/settings/do-not-contact")({
  validateSearch: listSearch,
  component: SuppressionsPage,
});
