import { createFileRoute } from "@tanstack/react-router";
import { KeyAccountsPage } from "@/features/keyaccounts/KeyAccountsPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/key-accounts/")({
  validateSearch: listSearch,
  component: KeyAccountsPage,
});
