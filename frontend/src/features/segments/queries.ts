import { queryOptions, skipToken } from "@tanstack/react-query";
import {
  api,
  type Condition,
  idempotencyKey,
  ifMatch,
  keys,
  type ListParams,
  ok,
  type Schema,
  type Versioned,
} from "@/api";
import type { Segment } from "./types";
import { membership } from "./words";

export const segmentsQuery = queryOptions({
  queryKey: keys.list("segments"),
  queryFn: async ({ signal }) => (await ok(api.GET("/segments", { signal }))).items,
});

export const readSegment = (id: string) => ok(api.GET("/segments/{id}", { params: { path: { id } } }));

export const segmentQuery = (id: string) =>
  queryOptions({ queryKey: keys.one("segments", id), queryFn: () => readSegment(id) });

export const countQuery = (condition: Condition | undefined) =>
  queryOptions({
    queryKey: keys.list("customers", { counting: condition }),
    queryFn: condition
      ? ({ signal }) => ok(api.POST("/segments/count", { body: { condition }, signal }))
      : skipToken,
    staleTime: 30_000,
  });

let line: Promise<unknown> = Promise.resolve();

/** One after the other, so that a long list of counts keeps neither the server nor the page's other questions waiting. */
function inLine<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const turn = line.then(() => {
    signal.throwIfAborted();
    return work();
  });
  line = turn.catch(() => undefined);
  return turn;
}

/** How many of the segment's members the reader may see. */
export const membersCountQuery = (segment: Segment) => {
  const condition = membership(segment);
  return queryOptions({
    queryKey: countQuery(condition).queryKey,
    queryFn: ({ signal }) =>
      inLine(signal, () => ok(api.POST("/segments/count", { body: { condition }, signal }))),
    staleTime: 30_000,
  });
};

/** Members as the customers list shows them. */
export const fetchMembers = (segment: string) => (query: ListParams, signal?: AbortSignal) =>
  ok(
    api.GET("/segments/{id}/members", {
      params: { path: { id: segment }, query: { expand: "metrics", ...query } },
      signal,
    }),
  );

const changing = (row: Versioned) => ({ path: { id: row.id }, header: ifMatch(row.version) });

export const createSegment = (body: Schema<"SegmentInput">, header = idempotencyKey()) =>
  ok(api.POST("/segments", { params: { header }, body }));

export const patchSegment = (row: Versioned, body: Schema<"SegmentInputPatch">) =>
  ok(api.PATCH("/segments/{id}", { params: changing(row), body }));

export const deleteSegment = (row: Versioned) => ok(api.DELETE("/segments/{id}", { params: changing(row) }));

type Members = { ids: string[] } | { filter: Condition; q?: string };

export const addMembers = (segment: string, body: Members) =>
  ok(api.POST("/segments/{id}/members", { params: { path: { id: segment } }, body }));

export const removeMembers = (segment: string, body: Members) =>
  ok(api.POST("/segments/{id}/members/removal", { params: { path: { id: segment } }, body }));
