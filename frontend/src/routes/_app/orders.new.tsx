import { createFileRoute } from "@tanstack/react-router";
import { NewOrderPage } from "@/features/sales/OrderFormPage";

export const Route = createFileRoute("/_app/orders/new")({
  validateSearch: (search: Record<string, unknown>): { customer?: string } => ({
    customer: typeof search.customer === "string" ? search.customer : undefined,
  }),
  component: NewOrderPage,
});
