import { createFileRoute } from "@tanstack/react-router";
import { AuditPage } from "@/features/access/AuditPage";
import { listSearch } from "@/shared/grid";

export const Route = createFileRoute("/_app/settings/audit")({
  validateSearch: listSearch,
  component: AuditPage,
});
