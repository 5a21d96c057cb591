import { createFileRoute } from "@tanstack/react-router";
import { AccountRequestsPage } from "@/features/access/AccountRequestsPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/settings/account-requests")({
  validateSearch: listSearch,
  component: AccountRequestsPage,
});
