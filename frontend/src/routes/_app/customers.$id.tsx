import { createFileRoute } from "@tanstack/react-router";
import { CustomerPage } from "@/features/customers/CustomerPage";
import { cardQuery } from "@/features/customers/queries";

export const Route = createFileRoute("/_app/customers/$id")({
  // Starts with the pointer over a link; the page opens from the cache and never waits for it.
  loader: ({ context, params }) => {
    void context.queryClient.prefetchQuery(cardQuery(params.id));
  },
  component: CustomerPage,
});
