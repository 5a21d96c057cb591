import { createFileRoute } from "@tanstack/react-router";
import { PivotPage } from "@/features/insight/pivots/PivotPage";
import { pivotSearch } from "@/features/insight/pivots/state";

export const Route = createFileRoute("/_app/pivots")({
  validateSearch: pivotSearch,
  component: PivotPage,
});
