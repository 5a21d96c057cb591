import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { keys } from "@/api";
import { readCustomer } from "@/features/customers";
import { Page, Waiting } from "@/shared/ui";
import { orderQuery } from "./queries";

const OrderForm = lazy(() => import("./OrderForm"));

/** A new order, for the customer named in the address if there is one. */
export function NewOrderPage() {
  const { customer: id } = useSearch({ from: "/_app/orders/new" });
  const customer = useQuery({
    queryKey: keys.part("customers", id ?? "", "plain"),
    queryFn: () => readCustomer(id ?? ""),
    enabled: id !== undefined,
  });
  if (id && customer.isPending) {
    return (
      <Page width="regular">
        <Waiting query={customer} />
      </Page>
    );
  }
  return (
    <Suspense>
      <OrderForm customer={customer.data} />
    </Suspense>
  );
}

export function EditOrderPage() {
  const { id } = useParams({ from: "/_app/orders/$id/edit" });
  const order = useQuery({ ...orderQuery(id), staleTime: 0 });
  // Read anew when the page opens; what is fetched later must not take away what is being typed.
  if (order.data && order.isFetchedAfterMount) {
    return (
      <Suspense>
        <OrderForm order={order.data} customer={order.data.customer} />
      </Suspense>
    );
  }
  return (
    <Page width="regular">
      <Waiting query={order} />
    </Page>
  );
}
