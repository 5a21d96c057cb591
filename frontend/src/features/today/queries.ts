import { api, keys, type Money, ok, type Ref } from "@/api";

export interface Today {
  greeting_name?: string;
  dates: { customer: Ref; label: string; on: string }[];
  silent: { customer: Ref; days: number; value_class?: string | null }[];
  new_customers_7d: number;
  orders_yesterday: { count: number; net?: Money | null };
  changed_since_yesterday: { id: string; at: string; title: string }[];
}

export const todayQuery = {
  queryKey: keys.of("today"),
  queryFn: ({ signal }: { signal?: AbortSignal } = {}) =>
    ok(api.GET("/today", { signal })) as unknown as Promise<Today>,
};
