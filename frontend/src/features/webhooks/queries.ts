/** What the pages of webhooks read: the caller's endpoints whole, their messages page by page. */
import { infiniteQueryOptions, queryOptions, useQueryClient } from "@tanstack/react-query";
import { api, keys, ok, paged, type Schema } from "@/api";

export type Webhook = Schema<"WebhookView">;
export type Delivery = Schema<"DeliveryView">;
export type DeliveryDetail = Schema<"DeliveryDetail">;

const POLL_MS = 1_500;
const PAGE = 25;

export const webhooksQuery = queryOptions({
  queryKey: keys.list("webhooks"),
  queryFn: async ({ signal }) => (await ok(api.GET("/webhooks", { signal }))).items,
});

export const webhookQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one("webhooks", id),
    queryFn: ({ signal }) => ok(api.GET("/webhooks/{id}", { params: { path: { id } }, signal })),
  });

export const messagesQuery = queryOptions({
  queryKey: keys.list("webhook-messages"),
  queryFn: async ({ signal }) => (await ok(api.GET("/webhook-messages", { signal }))).items,
  staleTime: Number.POSITIVE_INFINITY,
});

/** Looked at again and again while something is under way. */
export const deliveriesQuery = (id: string, status: string | undefined) =>
  infiniteQueryOptions({
    queryKey: keys.part("webhooks", id, "deliveries", { status }),
    queryFn: ({ signal, pageParam }) =>
      ok(
        api.GET("/webhooks/{id}/deliveries", {
          params: {
            path: { id },
            query: { limit: PAGE, cursor: pageParam, ...(status ? { "filter[status]": status } : {}) },
          },
          signal,
        }),
      ),
    ...paged,
    refetchInterval: (query) => {
      const soon = Date.now() + 10_000;
      const comes = (one: Delivery) => one.next_at && new Date(one.next_at).getTime() < soon;
      return query.state.data?.pages[0]?.items.some(comes) ? POLL_MS : false;
    },
  });

export const deliveryQuery = (id: string) =>
  queryOptions({
    queryKey: keys.one("webhook-deliveries", id),
    queryFn: ({ signal }) => ok(api.GET("/webhook-deliveries/{id}", { params: { path: { id } }, signal })),
  });

/** Reads endpoints and their messages again. */
export function useReread(): () => Promise<void> {
  const client = useQueryClient();
  return async () => {
    await Promise.all(
      ["webhooks", "webhook-deliveries"].map((one) => client.invalidateQueries({ queryKey: keys.of(one) })),
    );
  };
}
