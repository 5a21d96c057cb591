import { createFileRoute } from "@tanstack/react-router";
import { QuotePage } from "@/features/sales/quotes/QuotePage";

export const Route = createFileRoute("/_app/quotes/$id/")({ component: QuotePage });
