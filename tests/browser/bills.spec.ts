/** An order goes out, is billed in two bills, and is paid. */
import { expectAccessible, expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";

const yuan = (amount: string) => ({ amount, currency: "CNY" });

test("an order is delivered, billed and paid", async ({ page, open, api }) => {
  const customer = await api.post("/customers", { kind: "organization", name: "旭日贸易" });
  const order = await api.post("/orders", {
    customer_id: customer.id,
    lines: [{ name: "笔记本", quantity: "5", price: yuan("3500.00"), tax_rate: "13" }],
  });
  await open(`/orders/${order.id}`);
  const dialog = page.getByRole("dialog");
  await page.getByRole("button", { name: "交付", exact: true }).click();
  await dialog.getByRole("button", { name: "交付", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("笔记本 × 5", { exact: true })).toBeVisible();

  await page.getByRole("button", { name: "开账单" }).click();
  await expect(dialog.getByLabel("金额")).toHaveValue("17500.00");
  await dialog.getByLabel("金额").fill("17500.01");
  await dialog.getByRole("button", { name: "开账单" }).click();
  await expect(dialog.getByText("最多 17500.00")).toBeVisible();
  await dialog.getByLabel("金额").fill("7500");
  await dialog.getByLabel("备注").fill("首期");
  await expectAccessible(page, undefined, true);
  await dialog.getByRole("button", { name: "开账单" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("未付", { exact: true }).last()).toBeVisible();
  await page.getByRole("button", { name: "开账单" }).click();
  await expect(dialog.getByLabel("金额")).toHaveValue("10000.00");
  await dialog.getByRole("button", { name: "开账单" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("button", { name: "开账单" })).toBeHidden();
  await expectAccessibleInBothSchemes(page);

  await page
    .getByRole("button", { name: /^账单 B-01-\d{6} 收款$/ })
    .first()
    .click();
  await expect(dialog.getByLabel("金额")).toHaveValue("7500.00");
  await dialog.getByRole("button", { name: "收款" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("已付清", { exact: true })).toHaveCount(1);
  await page.getByRole("button", { name: "收款", exact: true }).click();
  await expect(dialog.getByLabel("金额")).toHaveValue("10000.00");
  await dialog.getByRole("button", { name: "收款" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("已付清", { exact: true })).toHaveCount(2);

  await open("/bills");
  await expect(page.getByRole("link", { name: /^B-01-\d{6}$/ })).toHaveCount(2);
  await expect(page.getByText("已付清", { exact: true })).toHaveCount(2);
  await expectAccessibleInBothSchemes(page);
});
