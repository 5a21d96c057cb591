import { createFileRoute } from "@tanstack/react-router";
import { SegmentPage } from "@/features/segments/SegmentPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/segments/$id/")({
  validateSearch: listSearch,
  component: SegmentPage,
});
