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

test("the company's own fields are filled where things are sold", async ({ page, open, api }) => {
  const field = (resource: string, key: string, label: string, more: object) =>
    api.post("/custom-fields", { resource, key, label_zh: label, label_en: key, ...more });
  const choices = [{ key: "van", label_zh: "厢式货车", label_en: "Van" }];
  await field("order", "carrier", "配送方式", { type: "choice", choices, required: true });
  await field("quote", "agent", "介绍人", { type: "party" });
  await field("product", "shelf", "货架", { type: "text" });
  const customer = await api.post("/customers", { kind: "organization", name: "晨光书店" });
  await api.post("/customers", { kind: "person", name: "钱多多" });
  const product = await api.post("/products", { code: "BK-1", name: "字典", price: yuan("88.00") });
  const pick = async () => {
    await page.getByRole("combobox", { name: "第 1 行产品" }).fill("字典");
    await page.getByRole("option", { name: /字典/ }).click();
  };

  await open(`/products/${product.id}`);
  await page.getByRole("button", { name: "编辑", exact: true }).click();
  await page.getByRole("textbox", { name: "货架" }).fill("二楼甲三");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("二楼甲三")).toBeVisible();

  await open(`/orders/new?customer=${customer.id}`);
  await pick();
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("必填")).toBeVisible();
  await page.getByRole("combobox", { name: "配送方式" }).click();
  await page.getByRole("option", { name: "厢式货车" }).click();
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("厢式货车")).toBeVisible();

  await open(`/quotes/new?customer=${customer.id}`);
  await pick();
  await page.getByRole("combobox", { name: "介绍人" }).fill("钱多");
  await page.getByRole("option", { name: /钱多多/ }).click();
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("link", { name: "钱多多" })).toBeVisible();
  await page.getByRole("link", { name: "编辑" }).click();
  await expect(page.getByRole("combobox", { name: "介绍人" })).toHaveValue("钱多多");
});
