import { existsSync } from "node:fs";
import { defineConfig, devices } from "@playwright/test";

/** The same Chromium without a window of its own, which draws with a quarter less work; the whole one does as well. */
const SHELL = "/usr/bin/chromium-headless-shell";

/**
 * The real program serving the built app, with a fresh database per worker. The whole suite speaks Chinese; what is
 * tagged `@smoke` runs in English too, `@phone` also at a phone's size.
 */
export default defineConfig({
  testDir: ".",
  retries: 0,
  workers: 2,
  fullyParallel: false,
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: "./reporter.ts",
  use: {
    ...devices["Desktop Chrome"],
    viewport: { width: 1440, height: 900 },
    locale: "zh-CN",
    timezoneId: "Asia/Shanghai",
    trace: "retain-on-failure",
    // What a worker fetches, no test can answer for; its own test lets it in.
    serviceWorkers: "block",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? (existsSync(SHELL) ? SHELL : "/usr/bin/chromium"),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
      ],
    },
  },
  projects: [
    {
      name: "zh-CN",
      grepInvert: /@only-/,
      testIgnore:
        /(bills|clusters|dashboards|deliveries|duplicates|facts|files|handover|journeys|lead-to-cash|leadforms|life|main-path|next|open|paths|pivots|pool|programmes|qualification|quotes|routes|sales|scoring|sheets|sight|tasks|warnings)\.spec/,
    },
    // A company of its own: projects share no worker, so the others keep the empty one they expect.
    { name: "main path", testMatch: /main-path/ },
    { name: "bills", testMatch: /bills\.spec/ },
    { name: "dashboards", testMatch: /dashboards\.spec/ },
    { name: "deliveries", testMatch: /deliveries\.spec/ },
    { name: "duplicates", testMatch: /duplicates\.spec/ },
    { name: "qualification", testMatch: /qualification\.spec/ },
    {
      name: "qualification phone",
      grep: /@phone/,
      testMatch: /qualification\.spec/,
      use: { viewport: { width: 390, height: 844 }, hasTouch: true },
    },
    { name: "qualification en", grep: /@smoke/, testMatch: /qualification\.spec/, use: { locale: "en-GB" } },
    { name: "facts", testMatch: /facts\.spec/ },
    { name: "files", testMatch: /files\.spec/ },
    { name: "files en", grep: /@smoke/, testMatch: /files\.spec/, use: { locale: "en-GB" } },
    { name: "handover", testMatch: /handover\.spec/ },
    { name: "journeys", testMatch: /journeys\.spec/ },
    { name: "lead to cash", testMatch: /lead-to-cash\.spec/ },
    { name: "leadforms", testMatch: /leadforms\.spec/ },
    { name: "life", testMatch: /life\.spec/ },
    { name: "tasks", testMatch: /tasks\.spec/ },
    { name: "sight", testMatch: /sight\.spec/ },
    { name: "paths", testMatch: /paths\.spec/ },
    { name: "pool", testMatch: /pool\.spec/ },
    { name: "pivots", testMatch: /pivots\.spec/ },
    { name: "programmes", testMatch: /programmes\.spec/ },
    { name: "quotes", testMatch: /quotes\.spec/ },
    { name: "sales", testMatch: /sales\.spec/ },
    { name: "scoring", testMatch: /scoring\.spec/ },
    { name: "sheets", testMatch: /sheets\.spec/ },
    { name: "next", testMatch: /next\.spec/ },
    { name: "open", testMatch: /open\.spec/ },
    { name: "clusters", testMatch: /clusters\.spec/ },
    { name: "warnings", testMatch: /warnings\.spec/ },
    { name: "routes", testMatch: /routes\.spec/ },
    {
      name: "en",
      grep: /@smoke/,
      testIgnore:
        /(bills|clusters|dashboards|deliveries|facts|files|journeys|lead-to-cash|leadforms|life|open|paths|pivots|pool|programmes|qualification|quotes|routes|sales|scoring|sheets|sight|tasks|warnings)\.spec/,
      use: { locale: "en-GB" },
    },
    { name: "sight en", grep: /@smoke/, testMatch: /sight\.spec/, use: { locale: "en-GB" } },
    {
      name: "phone",
      grep: /@phone|@only-phone/,
      testIgnore:
        /(bills|clusters|dashboards|deliveries|facts|journeys|lead-to-cash|leadforms|open|paths|pivots|pool|programmes|qualification|quotes|routes|sales|scoring|sheets|warnings)\.spec/,
      use: { viewport: { width: 390, height: 844 }, hasTouch: true },
    },
  ],
});
