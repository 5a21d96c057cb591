import { createFileRoute } from "@tanstack/react-router";
import { NewQuotePage } from "@/features/sales/quotes/QuoteFormPage";

const text = (value: unknown) => (typeof value === "string" ? value : undefined);

export const Route = createFileRoute("/_app/quotes/new")({
  validateSearch: (search: Record<string, unknown>): { customer?: string; opportunity?: string } => ({
    customer: text(search.customer),
    opportunity: text(search.opportunity),
  }),
  component: NewQuotePage,
});
