/** What is suggested is worked off from Today by keyboard alone, and from the customer's card; what came of it is counted. */
import { expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";

/** `YYYY-MM-DD` so many days ago, in the company's zone. */
const ago = (days: number) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(
    new Date(Date.now() - days * 86_400_000),
  );

test("suggestions are worked off from Today and from the card", async ({ open, page, api }) => {
  const customer = await api.post("/customers", { kind: "person", name: "林荫", status: "customer" });
  for (const days of [28, 58, 88]) {
    const lines = [{ name: "龙井", quantity: "1", price: { amount: "50.00", currency: "CNY" } }];
    await api.post("/orders", {
      customer_id: customer.id,
      ordered_on: ago(days),
      status: "confirmed",
      lines,
    });
  }
  const price = { amount: "300.00", currency: "CNY" };
  const tea = await api.post("/products", { code: "TEA", name: "普洱", price });
  await api.post("/wishes", { customer_id: customer.id, product_id: tea.id, quantity: 2 });
  await api.post(`/products/${tea.id}/arrival`, null);

  await open("/");
  const panel = page.locator("section").filter({ hasText: "全部与成效" });
  await expect(panel.getByRole("listitem")).toHaveCount(2);
  await expect(panel).toContainText("每 30 天买一次，已过 28 天");
  await expect(page.getByRole("table", { name: "昨日简报" }).getByRole("row")).toHaveCount(4);
  await expectAccessibleInBothSchemes(page);

  await panel.getByRole("button", { name: "已告知：林荫" }).focus();
  await page.keyboard.press("ArrowDown");
  await expect(panel.getByRole("button", { name: "记录电话：林荫" })).toBeFocused();
  await page.keyboard.press("Enter");
  const call = page.getByRole("dialog", { name: "与林荫的电话" });
  await call.getByRole("textbox", { name: "谈了什么" }).fill("下周来取两罐");
  await page.keyboard.press("Control+Enter");
  await expect(call).toHaveCount(0);
  await expect(panel.getByRole("listitem")).toHaveCount(1);

  await panel.getByRole("button", { name: "已告知：林荫" }).focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await page.getByRole("menuitem", { name: "一周后" }).click();
  await expect(panel).toHaveCount(0);

  await page.goto(`${new URL(page.url()).origin}/insight/actions`);
  const report = page.getByRole("table", { name: "成效" });
  await expect(report.getByRole("row", { name: /该再次购买/ })).toContainText("1");
  await expect(page.getByRole("heading", { name: "暂无建议" })).toBeVisible();
});
