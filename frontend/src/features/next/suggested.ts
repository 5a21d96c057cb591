import { useQuery } from "@tanstack/react-query";
import { useCan } from "@/api";
import { nextActionsQuery } from "./queries";

/** Products that a customer's suggestions name already; undefined until they are known. */
export function useSuggestedProducts(customer: string): Set<string> | undefined {
  const may = useCan("insight:metric:read");
  const actions = useQuery({ ...nextActionsQuery({ customer }), enabled: may });
  return actions.data && new Set(actions.data.items.flatMap((one) => (one.product ? [one.product.id] : [])));
}
