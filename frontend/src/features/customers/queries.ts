import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, keys, type ListParams, ok, paged } from "@/api";

/** One page of customers with their figures. */
export const fetchCustomers = (query: ListParams, signal?: AbortSignal) =>
  ok(api.GET("/customers", { params: { query: { expand: "metrics", ...query } }, signal }));

export const readCustomer = (id: string) => ok(api.GET("/customers/{id}", { params: { path: { id } } }));

/** One customer without figures, for its name. */
export const plainCustomerQuery = (id: string) =>
  queryOptions({
    queryKey: keys.part("customers", id, "plain"),
    queryFn: () => readCustomer(id),
    staleTime: 60_000,
  });

/** Everything the page of one customer shows at first sight, in one request. */
export const cardQuery = (id: string) =>
  queryOptions({
    queryKey: keys.part("customers", id, "card"),
    queryFn: ({ signal }) => ok(api.GET("/customers/{id}/card", { params: { path: { id } }, signal })),
  });

export const sharesQuery = (id: string) =>
  queryOptions({
    queryKey: keys.part("customers", id, "shares"),
    queryFn: async ({ signal }) =>
      (await ok(api.GET("/customers/{id}/shares", { params: { path: { id } }, signal }))).items,
  });

/** Why the reader sees the customer and may change it. */
export const accessQuery = (id: string) =>
  queryOptions({
    queryKey: keys.part("customers", id, "access"),
    queryFn: ({ signal }) => ok(api.GET("/customers/{id}/access", { params: { path: { id } }, signal })),
  });

export const timelineQuery = (id: string, kinds: string[]) =>
  infiniteQueryOptions({
    queryKey: keys.part("customers", id, "timeline", kinds),
    queryFn: ({ pageParam, signal }) =>
      ok(
        api.GET("/customers/{id}/timeline", {
          params: {
            path: { id },
            query: { kinds: kinds.join(",") || undefined, cursor: pageParam, limit: 30 },
          },
          signal,
        }),
      ),
    ...paged,
  });

/** When and why the customer changed phase, class and field. */
export const changesQuery = (id: string) =>
  queryOptions({
    queryKey: keys.part("customers", "class-changes", id),
    queryFn: ({ signal }) =>
      ok(api.GET("/customers/{id}/class-changes", { params: { path: { id } }, signal })),
  });
