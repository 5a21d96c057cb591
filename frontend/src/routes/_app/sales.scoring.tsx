import { createFileRoute } from "@tanstack/react-router";
import { ScoringPage } from "@/features/leadscoring/ScoringPage";

export const Route = createFileRoute("/_app/sales/scoring")({
  validateSearch: (search: Record<string, unknown>): { unit?: string } => ({
    unit: typeof search.unit === "string" ? search.unit : undefined,
  }),
  component: ScoringPage,
});
