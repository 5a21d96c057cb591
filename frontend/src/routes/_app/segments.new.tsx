import { createFileRoute } from "@tanstack/react-router";
import type { Condition } from "@/api";
import { NewSegmentPage } from "@/features/segments/SegmentFormPage";

export const Route = createFileRoute("/_app/segments/new")({
  validateSearch: (search: Record<string, unknown>): { filter?: Condition } => ({
    filter:
      typeof search.filter === "object" && search.filter !== null ? (search.filter as Condition) : undefined,
  }),
  component: NewSegmentPage,
});
