/** What opens over a page — panels, dialogs, menus, lists to choose from, errors — in both languages and both schemes. */
import { expectAccessibleInBothSchemes } from "./accessible";
import { type Filled, fill } from "./filled";
import { test as base, expect } from "./fixtures";
import { wordsOf } from "./words";

const test = base.extend<object, { filled: Filled }>({
  filled: [async ({ api }, use) => use(await fill(api)), { scope: "worker" }],
});

// A dozen looks at a page in each test.
test.describe.configure({ timeout: 300_000 });

for (const locale of ["zh-CN", "en-GB"]) {
  test.describe(locale, () => {
    test.use({ locale, reducedMotion: "reduce" } as never);
    const t = wordsOf(locale);

    test("what opens over the customers list has no barrier", async ({ open, page, filled }) => {
      expect(filled.person).toBeTruthy();
      const accessible = (what: string) => test.step(what, () => expectAccessibleInBothSchemes(page, true));
      const button = (name: string) => page.getByRole("button", { name, exact: true }).first();
      await open("/customers");
      await expect(page.getByRole("row").nth(1)).toBeVisible();

      await button(t("customers:new")).click();
      const panel = page.getByRole("dialog");
      await panel.getByRole("button", { name: t("common:action.save"), exact: true }).click();
      await expect(panel.locator("[aria-invalid=true]").first()).toBeVisible();
      await panel.getByRole("button", { name: t("customers:more"), exact: true }).click();
      await accessible("a form with a fault");
      await panel.getByRole("combobox", { name: t("customers:field.status") }).click();
      await expect(page.getByRole("option").first()).toBeVisible();
      await accessible("a list to choose from");
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      await expect(panel).toHaveCount(0);

      await button(t("grid:filter_add")).click();
      await page.getByRole("combobox", { name: t("grid:filter_field") }).click();
      await page.getByRole("option", { name: t("customers:field.status"), exact: true }).click();
      await accessible("a filter");
      await page.keyboard.press("Escape");

      for (const menu of [t("grid:columns"), t("grid:views")]) {
        await button(menu).click();
        await expect(
          page.locator("[data-mantine-shared-portal-node] > *, [role=menu]").first(),
        ).toBeAttached();
        await accessible(menu);
        await page.keyboard.press("Escape");
      }

      await page.getByRole("checkbox", { name: t("grid:select_loaded") }).check();
      const bar = page.getByRole("toolbar", { name: t("grid:bulk.label") });
      await expect(bar).toBeVisible();
      await accessible("the bar of bulk actions");
      for (const [action, field] of [
        ["assign", "customers:field.owner"],
        ["add_tags", "customers:field.tags"],
        ["set", "customers:bulk.value"],
      ]) {
        await bar.getByRole("button", { name: t(`customers:bulk.${action}`) }).click();
        await page
          .getByRole("dialog")
          .getByRole("combobox", { name: t(field ?? "") })
          .click();
        await expect(page.getByRole("option").first()).toBeVisible();
        await accessible(`the dialog: ${action}`);
        await page.keyboard.press("Escape");
        await page
          .getByRole("dialog")
          .getByRole("button", { name: t("common:action.cancel") })
          .click();
        await expect(page.getByRole("dialog")).toHaveCount(0);
      }
    });

    test("what opens over a record has no barrier", async ({ open, page, filled }) => {
      const accessible = (what: string) => test.step(what, () => expectAccessibleInBothSchemes(page, true));
      const close = async () => {
        await page.keyboard.press("Escape");
        await expect(page.getByRole("dialog")).toHaveCount(0);
      };
      await open(`/customers/${filled.person}`);
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox").fill("wang");
      await expect(page.getByRole("option").first()).toBeVisible();
      await accessible("the palette");
      await close();
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog")).toBeVisible();
      await accessible("the shortcuts");
      await close();
      await page
        .getByRole("button", { name: new RegExp(t("common:shell.account_of")) })
        .filter({ visible: true })
        .click();
      await expect(page.getByRole("menuitem").first()).toBeVisible();
      await accessible("the account's menu");
      await page.keyboard.press("Escape");
      await page
        .getByRole("button", { name: t("customers:entry_menu") })
        .first()
        .click();
      await page.getByRole("menuitem", { name: t("common:action.delete") }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await accessible("a question before deleting");
      await close();
      await page.getByRole("button", { name: t("customers:add_relation") }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await accessible("a relation");
      // The first closes the list that stands open over the dialog.
      await page.keyboard.press("Escape");
      await close();

      await page.goto(new URL(`/orders/${filled.order}`, page.url()).href);
      await page.getByRole("button", { name: t("sales:pay"), exact: true }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await accessible("a payment");
      await close();

      await page.goto(new URL("/orders/new", page.url()).href);
      await page.getByRole("combobox", { name: t("sales:field.customer") }).fill("wang");
      await expect(page.getByRole("option").first()).toBeVisible();
      await accessible("a customer found for an order");

      await page.goto(new URL(`/imports/${filled.done}`, page.url()).href);
      await page.getByRole("button", { name: t("imports:undo") }).click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await accessible("taking an import back");
      await close();
    });

    test("an answer that fails says what to do, without a barrier", async ({ open, page, filled }) => {
      expect(filled.order).toBeTruthy();
      await open("/");
      await page.route("**/api/v1/orders?*", (route) =>
        route.fulfill({
          status: 500,
          contentType: "application/problem+json",
          body: JSON.stringify({
            type: "about:blank",
            title: "x",
            status: 500,
            code: "internal",
            request_id: "r-1",
          }),
        }),
      );
      await page.goto(new URL("/orders", page.url()).href);
      const again = page.getByRole("button", { name: t("common:action.retry") });
      await expect(again).toBeVisible();
      await expectAccessibleInBothSchemes(page);
      await page.unroute("**/api/v1/orders?*");
      await again.click();
      await expect(again).toHaveCount(0);
      await expect(page.getByRole("row").nth(1)).toBeVisible();
    });
  });
}
