import { createFileRoute } from "@tanstack/react-router";
import { InsightPage } from "@/features/insight/InsightPage";
import type { Basis } from "@/features/insight/queries";

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export const Route = createFileRoute("/_app/insight")({
  validateSearch: (search: Record<string, unknown>): Basis => ({
    as_of: typeof search.as_of === "string" && DAY.test(search.as_of) ? search.as_of : undefined,
    mode: search.mode === "quintile" || search.mode === "threshold" ? search.mode : undefined,
  }),
  component: InsightPage,
});
