import { createFileRoute } from "@tanstack/react-router";
import { OrdersPage } from "@/features/sales/OrdersPage";
import { listSearch } from "@/shared/grid/search";

export const Route = createFileRoute("/_app/orders/")({ validateSearch: listSearch, component: OrdersPage });
