/** A lead becomes an opportunity, a quote, an order; it is won, delivered, billed and paid. */
import { expect, test } from "./fixtures";

test("from a lead to a bill that is paid", async ({ page, open, api }) => {
  const price = { amount: "3500.00", currency: "CNY" };
  await api.post("/products", { code: "NB-1", name: "笔记本", price });
  const dialog = page.getByRole("dialog");
  await open("/sales");
  await page.getByRole("button", { name: "新建线索或商机" }).click();
  await dialog.getByLabel("名称").fill("两百台笔记本");
  await dialog.getByLabel("公司").fill("旭日贸易");
  await dialog.getByLabel("电话").fill("13800138000");
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("link", { name: "两百台笔记本" }).click();
  await page.getByRole("button", { name: "转为商机" }).click();
  await dialog.getByRole("button", { name: "转为商机" }).click();
  await expect(page.getByRole("link", { name: "旭日贸易" })).toBeVisible();
  const [opportunity] = (await api.get("/opportunities")).items;

  await page.getByRole("link", { name: "新建报价" }).click();
  await page.getByRole("combobox", { name: "第 1 行产品" }).fill("笔记本");
  await page.getByRole("option", { name: /笔记本/ }).click();
  await page.getByLabel("第 1 行数量").fill("200");
  await page.getByLabel("第 1 行税率").fill("13");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("草稿", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "PDF" }).click();
  const saving = page.waitForEvent("download");
  await page.getByRole("menuitem", { name: "English" }).click();
  expect((await saving).suggestedFilename()).toMatch(/^Quote-Q-01-\d{6}\.pdf$/);
  await page.getByRole("button", { name: "标为已发送" }).click();
  await expect(page.getByText("已发送", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "转为订单" }).click();
  await expect(page).toHaveURL(/\/orders\//);
  const order = page.url();

  await open("/sales");
  await page.getByRole("button", { name: "移动“两百台笔记本”" }).click();
  await page.getByRole("menuitem", { name: "赢单" }).click();
  await dialog.getByLabel("赢单原因").click();
  await page.getByRole("option", { name: "服务好" }).click();
  await dialog.getByLabel("金额").fill("700000");
  await dialog.getByRole("button", { name: "移动" }).click();
  const won = page.getByRole("region", { name: "赢单", exact: true });
  await expect(won.getByRole("link", { name: "两百台笔记本" })).toBeVisible();

  await page.goto(order);
  await page.getByRole("button", { name: "交付", exact: true }).click();
  await dialog.getByRole("button", { name: "交付", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("笔记本 × 200", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "开账单" }).click();
  await expect(dialog.getByLabel("金额")).toHaveValue("700000.00");
  await dialog.getByRole("button", { name: "开账单" }).click();
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: /^账单 B-01-\d{6} 收款$/ }).click();
  await expect(dialog.getByLabel("金额")).toHaveValue("700000.00");
  await dialog.getByRole("button", { name: "收款" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("已付清", { exact: true })).toBeVisible();

  const [bill] = (await api.get("/bills")).items;
  expect(bill.status).toBe("paid");
  expect((await api.get(`/opportunities/${opportunity.id}`)).status).toBe("won");
});
