import { createFileRoute } from "@tanstack/react-router";
import { ExportsPage } from "@/features/access/ExportsPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/settings/exports")({
  validateSearch: listSearch,
  component: ExportsPage,
});
