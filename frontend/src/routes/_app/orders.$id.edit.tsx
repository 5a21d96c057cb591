import { createFileRoute } from "@tanstack/react-router";
import { EditOrderPage } from "@/features/sales/OrderFormPage";

export const Route = createFileRoute("/_app/orders/$id/edit")({ component: EditOrderPage });
