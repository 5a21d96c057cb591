/** Every route of a company at work, in both languages, both schemes, on a desk and on a phone: no barrier. */
import type { Page } from "@playwright/test";
import { expectAccessible, expectAccessibleInBothSchemes } from "./accessible";
import { type Filled, fill } from "./filled";
import { test as base, expect } from "./fixtures";

const test = base.extend<object, { filled: Filled }>({
  filled: [async ({ api }, use) => use(await fill(api)), { scope: "worker" }],
});

/** No two neighbours share a route, so that each visit draws a new heading. */
const routes = (made: Filled) => [
  "/customers",
  `/customers/${made.person}`,
  "/key-accounts",
  `/key-accounts/${made.key_account}`,
  "/dealers",
  `/dealers/${made.dealer}`,
  "/assets",
  "/segments",
  "/wishes",
  "/pool",
  `/segments/${made.segment}`,
  `/segments/${made.segment}/edit`,
  `/segments/${made.list}`,
  "/segments/new",
  "/duplicates",
  "/imports",
  `/imports/${made.uploaded}`,
  "/imports/new",
  `/imports/${made.checked}`,
  `/customers/${made.organization}`,
  `/imports/${made.done}`,
  "/sales",
  "/sales/list",
  "/sales/figures",
  "/sales/scoring",
  `/sales/${made.opportunity}`,
  "/orders",
  `/orders/${made.order}`,
  "/orders/new",
  `/orders/${made.draft}`,
  `/orders/${made.draft}/edit`,
  "/quotes",
  "/bills",
  `/quotes/${made.quote}`,
  "/quotes/new",
  `/quotes/${made.quote_draft}`,
  `/quotes/${made.quote_draft}/edit`,
  "/products",
  `/products/${made.product}`,
  "/products/groups",
  "/insight",
  "/insight/dashboards",
  "/insight/associations",
  "/insight/clusters",
  "/pivots",
  "/insight/lifetime",
  "/insight/lifetime/durables",
  "/insight/lifetime/programmes",
  "/insight/relations",
  "/insight/warnings",
  "/targets",
  "/sheets",
  "/insight/win-back",
  "/insight/cohorts",
  "/insight/growth",
  "/insight/seasonality",
  "/insight/composition",
  "/tasks",
  "/calendar",
  "/discipline",
  "/insight/actions",
  "/profile",
  "/settings/company",
  "/settings/pipelines",
  "/settings/organisation",
  "/settings/lead-forms",
  "/settings/journeys",
  "/settings/users",
  `/settings/users/${made.user}`,
  "/settings/roles",
  `/settings/roles/${made.role}`,
  "/settings/tags",
  "/settings/fields",
  "/settings/dictionaries",
  "/settings/api-keys",
  "/settings/audit",
  "/settings/exports",
  "/settings/do-not-contact",
  "/settings/account-requests",
  "/settings/jobs",
  "/",
];

/** Within the app, as a link would. */
async function visit(page: Page, path: string) {
  await page.evaluate((to) => {
    for (const one of Array.from(document.querySelectorAll("h1"))) one.setAttribute("data-left", "");
    window.history.pushState({}, "", to);
  }, path);
  await expect(page.locator("h1:not([data-left])"), path).toBeVisible();
}

const WIDTHS = { desk: { width: 1440, height: 900 }, phone: { width: 390, height: 844 } };

// The longest of all tests: each sweep on its own, beside another.
test.describe.configure({ mode: "parallel" });

for (const locale of ["zh-CN", "en-GB"]) {
  for (const [name, viewport] of Object.entries(WIDTHS)) {
    // A colour is the same in every language.
    const sweep = locale === "zh-CN" ? expectAccessibleInBothSchemes : expectAccessible;
    test.describe(`${locale} ${name}`, () => {
      test.use({ locale, viewport, reducedMotion: "reduce" } as never);

      test("every route is accessible", async ({ open, page, filled }) => {
        test.setTimeout(1_200_000);
        await open("/settings/tags");
        for (const path of routes(filled)) {
          await visit(page, path);
          await test.step(path, () => sweep(page));
          const wider = await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth);
          expect(wider, `${path} is wider than the screen`).toBe(false);
        }
        await page.context().clearCookies();
        for (const path of ["/sign-in", "/setup", "/invite"]) {
          await page.goto(new URL(path, page.url()).href);
          await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
          await test.step(path, () => sweep(page));
        }
      });
    });
  }
}
