import { createFileRoute } from "@tanstack/react-router";
import { BillsPage } from "@/features/sales/bills/BillsPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/bills")({ validateSearch: listSearch, component: BillsPage });
