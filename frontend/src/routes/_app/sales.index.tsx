import { createFileRoute } from "@tanstack/react-router";
import { SalesPage } from "@/features/pipeline/SalesPage";

interface BoardSearch {
  pipeline?: string;
  mine?: boolean;
  type?: "lead" | "opportunity";
}

export const Route = createFileRoute("/_app/sales/")({
  validateSearch: (search: Record<string, unknown>): BoardSearch => ({
    pipeline: typeof search.pipeline === "string" ? search.pipeline : undefined,
    mine: search.mine === true || undefined,
    type: search.type === "lead" || search.type === "opportunity" ? search.type : undefined,
  }),
  component: SalesPage,
});
