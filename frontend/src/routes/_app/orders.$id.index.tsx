import { createFileRoute } from "@tanstack/react-router";
import { OrderPage } from "@/features/sales/OrderPage";

export const Route = createFileRoute("/_app/orders/$id/")({ component: OrderPage });
