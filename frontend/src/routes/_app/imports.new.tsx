import { createFileRoute } from "@tanstack/react-router";
import { NewImportPage } from "@/features/imports/NewImportPage";
import { RESOURCES, type Resource } from "@/features/imports/types";

export const Route = createFileRoute("/_app/imports/new")({
  validateSearch: (search: Record<string, unknown>): { resource?: Resource } => ({
    resource: RESOURCES.find((one) => one === search.resource),
  }),
  component: NewImportPage,
});
