/**
 * Long work. One stream per tab carries the caller's jobs while any of them is under way; where the stream
 * breaks, polling goes on. Everything lands in the query cache, so a reload finds the work where it is.
 */
import { queryOptions, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import { api, type Job, keys, ok, type Page, raw } from "@/api";

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

/** Listens to the stream while mounted and writes what it says into the cache. */
export function useJobStream(active: boolean) {
  const client = useQueryClient();
  useEffect(() => {
    if (!active) return;
    const stop = new AbortController();
    const take = (job: Job) => {
      client.setQueryData(keys.one("jobs", job.id), job);
      client.setQueryData<Page<Job>>(keys.list("jobs"), (page) => {
        if (!page) return page;
        const known = page.items.some((one) => one.id === job.id);
        const items = known ? page.items.map((one) => (one.id === job.id ? job : one)) : [job, ...page.items];
        return { ...page, items };
      });
    };
    void listen(stop.signal, take);
    return () => stop.abort();
  }, [active, client]);
}

async function listen(signal: AbortSignal, take: (job: Job) => void) {
  try {
    const response = await raw("/jobs/stream", { signal, headers: { Accept: "text/event-stream" } });
    const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
    let pending = "";
    while (reader) {
      const { done, value } = await reader.read();
      if (done) return;
      pending += value;
      const events = pending.split("\n\n");
      pending = events.pop() ?? "";
      for (const event of events) {
        const data = event
          .split("\n")
          .filter((line) => line.startsWith("data:"))
          .map((line) => line.slice(5).trim())
          .join("");
        if (data.startsWith("{")) take(JSON.parse(data) as Job);
      }
    }
  } catch {
    // The stream is a convenience: the queries above keep polling.
  }
}
