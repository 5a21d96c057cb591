/**
 * Long work. The live stream (`app/live`) carries the caller's jobs; where it breaks, polling goes on. Everything
 * lands in the query cache, so a reload finds the work where it is.
 */
import { queryOptions, useQuery } from "@tanstack/react-query";
import { api, type Job, keys, ok } from "@/api";

const POLL_MS = 1_500;

export const underWay = (job: Job): boolean => job.status === "queued" || job.status === "running";

export const jobsQuery = queryOptions({
  queryKey: keys.list("jobs"),
  queryFn: ({ signal }) => ok(api.GET("/jobs", { params: { query: { limit: 100 } }, signal })),
  refetchInterval: (query) => (query.state.data?.items.some(underWay) ? POLL_MS * 2 : false),
});

/** One job, kept fresh until it ends. */
export function useJob(id: string | null | undefined) {
  return useQuery({
    queryKey: keys.one("jobs", id ?? ""),
    queryFn: ({ signal }) => ok(api.GET("/jobs/{id}", { params: { path: { id: id ?? "" } }, signal })),
    enabled: Boolean(id),
    refetchInterval: (query) => (query.state.data && !underWay(query.state.data) ? false : POLL_MS),
  });
}
