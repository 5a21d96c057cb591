/**
 * Live updates. One tab of a browser holds the stream and passes on what it hears, so that ten open tabs are one
 * reader; where there are no locks or no stream, lists refresh as they are looked at again.
 */
import type { QueryClient } from "@tanstack/react-query";
import { type Job, keys, type Page, raw } from "@/api";

interface Hint {
  kind: string;
  id: string | null;
}

type Heard = { name: "changed"; data: Hint } | { name: "job"; data: Job };

/** What is read anew when a record of a kind changes. */
const RESOURCES: Record<string, string[]> = {
  brand: ["brands", "products"],
  category: ["categories", "products"],
  custom_field: ["custom-fields"],
  customer: ["customers"],
  dictionary_entry: ["dictionaries"],
  import: ["imports"],
  notice: ["notices"],
  opportunity: ["opportunities"],
  order: ["orders", "bills"],
  product: ["products"],
  quote: ["quotes"],
  tag: ["tags"],
  task: ["tasks"],
};

const LOCK = "regulars-live";
/** Hints that come together are one refresh. */
const GATHER_MS = 400;
const AGAIN_MS = [1_000, 2_000, 5_000, 15_000, 30_000];

/** Listens until told to stop. */
export function live(client: QueryClient): () => void {
  const stop = new AbortController();
  const channel = typeof BroadcastChannel === "undefined" ? undefined : new BroadcastChannel(LOCK);
  const hear = hearing(client);
  channel?.addEventListener("message", (message: MessageEvent<Heard>) => hear(message.data));
  const lead = () =>
    keepListening(stop.signal, (heard) => {
      hear(heard);
      channel?.postMessage(heard);
    });
  if (navigator.locks) {
    // Waits until the tab that leads is closed.
    navigator.locks.request(LOCK, { signal: stop.signal }, lead).catch(() => undefined);
  } else {
    void lead();
  }
  return () => {
    stop.abort();
    channel?.close();
  };
}

/** Puts what is heard into the cache. */
function hearing(client: QueryClient): (heard: Heard) => void {
  const stale = new Set<string>();
  const refresh = () => {
    for (const resource of stale) void client.invalidateQueries({ queryKey: keys.of(resource) });
    stale.clear();
  };
  return (heard) => {
    if (heard.name === "job") return takeJob(client, heard.data);
    const concerned = RESOURCES[heard.data.kind] ?? [];
    if (concerned.length > 0 && stale.size === 0) setTimeout(refresh, GATHER_MS);
    for (const resource of concerned) stale.add(resource);
  };
}

function takeJob(client: QueryClient, job: Job) {
  client.setQueryData(keys.one("jobs", job.id), job);
  client.setQueryData<Page<Job>>(keys.list("jobs"), (page) => {
    if (!page) return page;
    const known = page.items.some((one) => one.id === job.id);
    const items = known ? page.items.map((one) => (one.id === job.id ? job : one)) : [job, ...page.items];
    return { ...page, items };
  });
}

async function keepListening(signal: AbortSignal, hear: (heard: Heard) => void): Promise<void> {
  for (let failures = 0; !signal.aborted; ) {
    const began = Date.now();
    try {
      await listen(signal, hear);
    } catch {
      // Signed out, or the server is away: the app says so where it matters.
    }
    failures = Date.now() - began > 60_000 ? 0 : failures + 1;
    const pause = AGAIN_MS[Math.min(failures, AGAIN_MS.length - 1)];
    await new Promise<void>((go) => {
      const timer = setTimeout(go, pause);
      signal.addEventListener("abort", () => {
        clearTimeout(timer);
        go();
      });
    });
  }
}

async function listen(signal: AbortSignal, hear: (heard: Heard) => void): Promise<void> {
  const response = await raw("/live", { signal, headers: { Accept: "text/event-stream" } });
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  let pending = "";
  while (reader) {
    const { done, value } = await reader.read();
    if (done) return;
    pending += value;
    const events = pending.split("\n\n");
    pending = events.pop() ?? "";
    for (const event of events) {
      const heard = parsed(event);
      if (heard) hear(heard);
    }
  }
}

/** One event of the stream; comments are none. */
export function parsed(event: string): Heard | undefined {
  const lines = event.split("\n");
  const of = (field: string) => lines.find((line) => line.startsWith(field))?.slice(field.length);
  const [name, data] = [of("event: "), of("data: ")];
  if (!data || (name !== "changed" && name !== "job")) return undefined;
  return { name, data: JSON.parse(data) } as Heard;
}
