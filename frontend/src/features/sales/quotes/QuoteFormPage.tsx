import { useQuery } from "@tanstack/react-query";
import { useParams, useSearch } from "@tanstack/react-router";
import { lazy, Suspense } from "react";
import { keys } from "@/api";
import { readCustomer } from "@/features/customers";
import { opportunityQuery } from "@/features/pipeline";
import { Page, Waiting } from "@/shared/ui";
import { quoteQuery } from "./queries";

const QuoteForm = lazy(() => import("./QuoteForm"));

/** A new quote, for the customer or the opportunity named in the address if there is one. */
export function NewQuotePage() {
  const { customer: id, opportunity: of } = useSearch({ from: "/_app/quotes/new" });
  const customer = useQuery({
    queryKey: keys.part("customers", id ?? "", "plain"),
    queryFn: () => readCustomer(id ?? ""),
    enabled: id !== undefined,
  });
  const opportunity = useQuery({ ...opportunityQuery(of ?? ""), enabled: of !== undefined });
  for (const [asked, query] of [
    [id, customer],
    [of, opportunity],
  ] as const) {
    if (asked && query.isPending) {
      return (
        <Page width="regular">
          <Waiting query={query} />
        </Page>
      );
    }
  }
  return (
    <Suspense>
      <QuoteForm
        customer={customer.data ?? opportunity.data?.customer ?? undefined}
        opportunity={opportunity.data}
      />
    </Suspense>
  );
}

export function EditQuotePage() {
  const { id } = useParams({ from: "/_app/quotes/$id/edit" });
  const quote = useQuery({ ...quoteQuery(id), staleTime: 0 });
  // Read anew when the page opens; what is fetched later must not take away what is being typed.
  if (quote.data && quote.isFetchedAfterMount) {
    return (
      <Suspense>
        <QuoteForm quote={quote.data} />
      </Suspense>
    );
  }
  return (
    <Page width="regular">
      <Waiting query={quote} />
    </Page>
  );
}
