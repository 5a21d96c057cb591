import { createFileRoute } from "@tanstack/react-router";
import { UsersPage } from "@/features/access/UsersPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/settings/users/")({
  validateSearch: listSearch,
  component: UsersPage,
});
