import { QueryClient } from "@tanstack/react-query";
import { afterEach, expect, test, vi } from "vitest";
import { keys, raw } from "@/api";
import { live, parsed } from "./live";

vi.mock("@/api", async (load) => ({ ...(await load<typeof import("@/api")>()), raw: vi.fn() }));

afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

test("events of the stream are read, and nothing else is", () => {
  expect(parsed('event: changed\ndata: {"kind":"customer","id":"1"}')).toEqual({
    name: "changed",
    data: { kind: "customer", id: "1" },
  });
  expect(parsed('event: job\ndata: {"id":"1"}')).toEqual({ name: "job", data: { id: "1" } });
  for (const other of [": still here", 'event: other\ndata: {"a":1}', "event: changed", ""]) {
    expect(parsed(other)).toBeUndefined();
  }
});

test("what changed is read anew, once for all that came together", async () => {
  vi.useFakeTimers();
  const said = [
    'event: changed\ndata: {"kind":"customer","id":"1"}\n\nevent: changed\nda',
    'ta: {"kind":"customer","id":"2"}\n\n: still here\n\nevent: changed\ndata: {"kind":"unknown","id":null}\n\n',
    'event: job\ndata: {"id":"7","status":"done"}\n\n',
  ];
  const body = new ReadableStream({
    start(controller) {
      for (const part of said) controller.enqueue(new TextEncoder().encode(part));
    },
  });
  vi.mocked(raw).mockResolvedValue(new Response(body));
  const client = new QueryClient();
  const read = vi.spyOn(client, "invalidateQueries");
  const stop = live(client);
  await vi.advanceTimersByTimeAsync(1_000);
  stop();
  expect(read.mock.calls).toEqual([[{ queryKey: keys.of("customers") }]]);
  expect(client.getQueryData(keys.one("jobs", "7"))).toEqual({ id: "7", status: "done" });
});
