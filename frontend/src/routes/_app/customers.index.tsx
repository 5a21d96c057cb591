import { createFileRoute } from "@tanstack/react-router";
import { CustomersPage } from "@/features/customers/CustomersPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/customers/")({
  validateSearch: listSearch,
  component: CustomersPage,
});
