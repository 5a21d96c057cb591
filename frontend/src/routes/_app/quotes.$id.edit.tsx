import { createFileRoute } from "@tanstack/react-router";
import { EditQuotePage } from "@/features/sales/quotes/QuoteFormPage";

export const Route = createFileRoute("/_app/quotes/$id/edit")({ component: EditQuotePage });
