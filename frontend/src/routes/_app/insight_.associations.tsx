import { createFileRoute } from "@tanstack/react-router";
import { AssociationsPage } from "@/features/insight/associations/AssociationsPage";
import { associationSearch } from "@/features/insight/associations/queries";

export const Route = createFileRoute("/_app/insight_/associations")({
  validateSearch: associationSearch,
  component: AssociationsPage,
});
