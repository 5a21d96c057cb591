import { createFileRoute } from "@tanstack/react-router";
import { TargetsPage } from "@/features/sales/targets/TargetsPage";

export const Route = createFileRoute("/_app/targets")({
  validateSearch: (search: Record<string, unknown>): { year?: number } => ({
    year: Number.isInteger(search.year) ? (search.year as number) : undefined,
  }),
  component: TargetsPage,
});
