/** An opportunity is quoted, the quote is sent, revised, sent again, and becomes an order. */
import { expect, test } from "./fixtures";

const yuan = (amount: string) => ({ amount, currency: "CNY" });

test("a quote is made from an opportunity, revised and ordered", async ({ page, open, api }) => {
  const customer = await api.post("/customers", { kind: "organization", name: "旭日贸易" });
  const product = await api.post("/products", {
    code: "NB-1",
    name: "笔记本",
    price: yuan("3500.00"),
    options: [{ name: "颜色", choices: [{ name: "白" }, { name: "黑", price_difference: yuan("20.00") }] }],
  });
  const opportunity = await api.post("/opportunities", { name: "两百台笔记本", customer_id: customer.id });

  await open(`/sales/${opportunity.id}`);
  await page.getByRole("link", { name: "新建报价" }).click();
  await expect(page.getByRole("combobox", { name: "客户" })).toHaveValue("旭日贸易");
  await page.getByRole("combobox", { name: "第 1 行产品" }).fill("笔记");
  await page.getByRole("option", { name: /笔记本/ }).click();
  await page.getByRole("combobox", { name: "第 1 行颜色" }).click();
  await page.getByRole("option", { name: /黑/ }).click();
  await expect(page.getByLabel("第 1 行单价")).toHaveValue("3520.00");
  await page.getByLabel("第 1 行数量").fill("200");
  await page.getByLabel("第 1 行税率").fill("13");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("草稿", { exact: true })).toBeVisible();
  await expect(page.getByText("颜色: 黑")).toBeVisible();
  await expect(page.getByText("80,991.15").first()).toBeVisible();

  await page.getByRole("button", { name: "标为已发送" }).click();
  await expect(page.getByText("已发送", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "修订" }).click();
  await page.getByLabel("整单折扣").fill("4000");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("heading", { name: /第 2 版/ })).toBeVisible();
  await page.getByRole("button", { name: "标为已发送" }).click();
  await expect(page.getByText("已被取代")).toBeVisible();
  await page.getByRole("button", { name: "转为订单" }).click();
  await expect(page).toHaveURL(/\/orders\//);
  await expect(page.getByText("¥700,000.00").first()).toBeVisible();
  await expect(page.getByRole("link", { name: /^Q-/ })).toBeVisible();

  await open(`/sales/${opportunity.id}`);
  await expect(page.getByText("已接受", { exact: true })).toBeVisible();
  expect((await api.get(`/orders?filter[opportunity]=${opportunity.id}`)).items).toHaveLength(1);
  expect(product.options).toHaveLength(1);
});
