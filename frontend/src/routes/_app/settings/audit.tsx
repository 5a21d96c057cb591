import { createFileRoute } from "@tanstack/react-router";
import { AuditPage } from "@/features/access/AuditPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/settings/audit")({
  validateSearch: listSearch,
  component: AuditPage,
});
