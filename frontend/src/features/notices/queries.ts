/** What the person was told: how much is unread, the list of it, and what was read. */
import { infiniteQueryOptions, queryOptions } from "@tanstack/react-query";
import { api, keys, ok, paged, type Schema } from "@/api";

export type Notice = Schema<"NoticeView">;
export type NoticeKind = Schema<"NoticeKind">;

const PAGE = 30;
const UNREAD = JSON.stringify({ field: "unread", op: "eq", value: true });

export const unreadQuery = queryOptions({
  queryKey: keys.part("notices", "unread", "count"),
  queryFn: ({ signal }) => ok(api.GET("/notices/unread", { signal })),
});

export const noticesQuery = (unread: boolean) =>
  infiniteQueryOptions({
    queryKey: keys.list("notices", { unread }),
    queryFn: ({ signal, pageParam }) =>
      ok(
        api.GET("/notices", {
          params: { query: { limit: PAGE, cursor: pageParam, filter: unread ? UNREAD : undefined } },
          signal,
        }),
      ),
    ...paged,
  });

/** The newest that is unread, for saying it at once. */
export const newestNotice = async () =>
  (await ok(api.GET("/notices", { params: { query: { limit: 1, filter: UNREAD } } }))).items[0];

export const readNotice = (id: string) => ok(api.POST("/notices/{id}/reading", { params: { path: { id } } }));

export const readNotices = (up_to: string) => ok(api.POST("/notices/reading", { body: { up_to } }));
