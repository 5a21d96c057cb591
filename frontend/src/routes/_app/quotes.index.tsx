import { createFileRoute } from "@tanstack/react-router";
import { QuotesPage } from "@/features/sales/quotes/QuotesPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/quotes/")({ validateSearch: listSearch, component: QuotesPage });
