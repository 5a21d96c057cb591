import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { serialiseQuery } from "./client";
import { paged } from "./paged";
import { ApiProblem } from "./problem";
import type { Page } from "./types";
import { whole } from "./whole";

/** A server that gives a list in pages, cursors being positions. */
const serving =
  <T>(all: T[]) =>
  async ({ limit, cursor }: { limit: number; cursor?: string }): Promise<Page<T>> => {
    const from = Number(cursor ?? 0);
    const to = from + limit;
    return { items: all.slice(from, to), next_cursor: to < all.length ? String(to) : null };
  };

describe("pages", () => {
  it("are read to the end, each item once and in order", async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 1_999 }), async (length) => {
        const all = Array.from({ length }, (_, index) => index);
        expect(await whole(serving(all))).toEqual(all);
      }),
      { numRuns: 30 },
    );
  });
  it("are not followed for ever: a server that never ends is left", async () => {
    const endless = async () => ({ items: new Array(200).fill(0), next_cursor: "again" });
    expect((await whole(endless)).length).toBe(2_000);
  });
  it("end where there is no cursor", () => {
    expect(paged.getNextPageParam({ next_cursor: "abc" })).toBe("abc");
    expect(paged.getNextPageParam({ next_cursor: null })).toBeUndefined();
    expect(paged.getNextPageParam({})).toBeUndefined();
  });
});

it("writes a query string without what was not asked", () => {
  expect(serialiseQuery({ q: "张", filter: undefined, sort: "", limit: 20, count: true })).toBe(
    "q=%E5%BC%A0&limit=20&count=true",
  );
  expect(serialiseQuery({ id: ["a", "b"], none: null })).toBe("id=a&id=b");
});

describe("problems", () => {
  it("tell what the server told", () => {
    const response = new Response(null, { status: 422, headers: { "Retry-After": "7" } });
    const errors = [{ pointer: "/name", code: "required", detail: "This is required" }];
    const problem = ApiProblem.of(response, { code: "validation_failed", title: "Wrong", errors });
    expect(problem).toMatchObject({ status: 422, code: "validation_failed", errors, retryAfter: 7 });
  });
  it("do without a body that is none", async () => {
    const problem = await ApiProblem.from(new Response("<html>", { status: 502 }));
    expect(problem).toMatchObject({ status: 502, code: "internal", errors: [], retryAfter: undefined });
    expect(ApiProblem.network()).toMatchObject({ status: 0, code: "network" });
  });
});
