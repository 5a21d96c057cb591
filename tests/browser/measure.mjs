/**
 * How fast the app feels: the real pages of a filled company in Chromium, nothing slowed down. Called by the bench as
 * `node measure.mjs BASE LOGIN PASSWORD`; prints one JSON list of `{what, value, unit}`.
 *
 * "Ready" runs from the navigation to the first row or card on the screen, the app's own files in the browser's cache.
 * "Answered" is what the browser itself reports for a click or key (Event Timing): from the input to the next paint.
 */
import { chromium } from "@playwright/test";

const [base, login, password] = process.argv.slice(2);
const ROUNDS = 5;
const ROWS = 10_000;
const WAIT_MS = 60_000;

const browser = await chromium.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-sync",
  ],
});
const context = await browser.newContext({
  viewport: { width: 1440, height: 900 },
  locale: "zh-CN",
  timezoneId: "Asia/Shanghai",
  serviceWorkers: "block",
});
const page = await context.newPage();
page.setDefaultTimeout(WAIT_MS);
// Kept in the page from its first moment: the longest stretch in which it could not answer, and how long inputs took.
await context.addInitScript(() => {
  window.measured = { tasks: [], inputs: [] };
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries()) window.measured.tasks.push(entry.duration);
  }).observe({ type: "longtask", buffered: true });
  new PerformanceObserver((list) => {
    for (const entry of list.getEntries())
      if (entry.interactionId) window.measured.inputs.push(entry.duration);
  }).observe({ type: "event", buffered: true, durationThreshold: 16 });
});

const lines = [];
const say = (what, value, unit = "ms") => lines.push({ what, value: Math.round(value * 10) / 10, unit });
const median = (times) => times.sort((a, b) => a - b)[Math.floor(times.length / 2)];

/** The median of some rounds of opening a path until something stands there. */
async function ready(path, seen) {
  const times = [];
  for (let round = 0; round <= ROUNDS; round++) {
    await page.goto("about:blank");
    const started = performance.now();
    await page.goto(`${base}${path}`, { waitUntil: "commit" });
    await seen().waitFor();
    // The first round fills the browser's cache.
    if (round > 0) times.push(performance.now() - started);
  }
  return median(times);
}

/** The slowest input while something is done; shorter ones than 16 ms the browser does not tell. */
async function answered(act) {
  await page.evaluate(() => {
    window.measured.inputs.length = 0;
  });
  await act();
  // Two frames: the observer is told after the paint.
  await page.evaluate(
    () =>
      new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done, 50)))),
  );
  return Math.max(16, ...(await page.evaluate(() => window.measured.inputs)));
}

const answer = await context.request.post(`${base}/api/v1/auth/sessions`, {
  data: { login, password, client: "browser" },
  headers: { "Idempotency-Key": crypto.randomUUID(), Origin: base },
});
if (!answer.ok()) throw new Error(await answer.text());

const row = () => page.getByRole("row").nth(1);
say("page: list of customers ready", await ready("/customers", row));
say("page: orders ready", await ready("/orders", row));
const card = () => page.locator("[draggable=true]").first();
say("page: board of 10,000 opportunities, first card", await ready("/sales", card));
const asked = await page.evaluate(() => {
  const calls = performance
    .getEntriesByType("resource")
    .filter((entry) => entry.name.includes("/api/v1/opportunities"));
  return Math.max(0, ...calls.map((entry) => entry.duration));
});
say("page: board, its slowest request", asked);

await page.goto(`${base}/customers`);
await row().waitFor();
const slowest = [];
slowest.push(["tick a row", await answered(() => row().getByRole("checkbox").click())]);
slowest.push([
  "sort by a column",
  await answered(() => page.getByRole("columnheader").getByRole("button").nth(1).click()),
]);
await row().waitFor();
slowest.push(["open the palette", await answered(() => page.keyboard.press("Control+k"))]);
slowest.push(["type into it", await answered(() => page.keyboard.type("wang", { delay: 60 }))]);
await page.getByRole("option").first().waitFor();
slowest.push(["leave it", await answered(() => page.keyboard.press("Escape"))]);
slowest.push(["open a customer", await answered(() => row().getByRole("link").first().click())]);
await page.getByRole("heading", { level: 1 }).waitFor();
say("page: slowest answer to a click or key", Math.max(...slowest.map(([, time]) => time)));

await page.goto(`${base}/customers`);
await row().waitFor();
await page.evaluate(() => {
  window.measured.tasks.length = 0;
});
const grid = page.getByRole("grid");
await grid.hover();
const started = performance.now();
let rows = 0;
while (rows < ROWS && performance.now() - started < 3 * WAIT_MS) {
  await page.mouse.wheel(0, 4_000);
  rows = await grid.evaluate((table) => Math.round(table.scrollHeight / 41));
}
say("page: rows scrolled through", rows, "rows");
say("page: longest task while scrolling", Math.max(0, ...(await page.evaluate(() => window.measured.tasks))));

await browser.close();
process.stdout.write(`${JSON.stringify(lines)}\n`);
