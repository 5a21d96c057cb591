/**
 * `test` with a server of its own per worker (`server`), the API to seed it (`api`), and `signIn(page)`. A refresh
 * cookie works once, so every test's browser signs in anew instead of sharing a stored one.
 */
import { test as base, expect, type Page } from "@playwright/test";
import { ADMIN, type Api, type Person, Server } from "./server";

interface WorkerFixtures {
  server: Server;
  api: Api;
}

interface Fixtures {
  /** Signs the browser in and opens a path of the app. */
  open: (path: string, person?: Person) => Promise<Page>;
  /** True in the English project, for the few texts a test must name. */
  english: boolean;
}

export const test = base.extend<Fixtures, WorkerFixtures>({
  server: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the parameter's shape
    async ({}, use) => {
      const server = await Server.start();
      await server.setUp();
      await use(server);
      await server.stop();
    },
    { scope: "worker" },
  ],
  api: [
    async ({ server }, use) => {
      await use(await server.as());
    },
    { scope: "worker" },
  ],
  english: async ({ locale }, use) => {
    await use(locale?.startsWith("en") ?? false);
  },
  open: async ({ page, context, server, english }, use) => {
    await use(async (path, person = ADMIN) => {
      const answer = await context.request.post(`${server.base}/api/v1/auth/sessions`, {
        data: { ...person, client: "browser" },
        headers: { "Idempotency-Key": crypto.randomUUID(), Origin: server.base },
      });
      expect(answer.ok(), await answer.text()).toBe(true);
      const { access_token, user } = await answer.json();
      const wanted = english ? "en" : "zh-CN";
      if (user.locale !== wanted) {
        await context.request.patch(`${server.base}/api/v1/me`, {
          data: { locale: wanted },
          headers: { Authorization: `Bearer ${access_token}`, "If-Match": `"${user.version}"` },
        });
      }
      await page.goto(`${server.base}${path}`);
      await expect(page.getByRole("main")).toBeVisible();
      return page;
    });
  },
});

export { expect };
