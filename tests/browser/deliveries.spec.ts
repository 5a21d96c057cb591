/** An order goes out in two parts, one is taken back, and it is delivered in the end. */
import { expectAccessible, expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";

const yuan = (amount: string) => ({ amount, currency: "CNY" });

test("an order is delivered in parts", async ({ page, open, api }) => {
  const customer = await api.post("/customers", { kind: "organization", name: "旭日贸易" });
  const order = await api.post("/orders", {
    customer_id: customer.id,
    lines: [
      { name: "笔记本", quantity: "5", price: yuan("3500.00"), promised_on: "2020-01-10" },
      { name: "鼠标", quantity: "5", price: yuan("80.00") },
    ],
  });
  await open(`/orders/${order.id}`);
  await expect(page.getByText("还没有交付。")).toBeVisible();
  await page.getByRole("button", { name: "交付", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("笔记本的数量")).toHaveValue("5");
  await dialog.getByLabel("笔记本的数量").fill("6");
  await dialog.getByRole("button", { name: "交付", exact: true }).click();
  await expect(dialog.getByText("最多 5.000")).toBeVisible();
  await dialog.getByLabel("笔记本的数量").fill("2");
  await dialog.getByLabel("鼠标的数量").fill("");
  await dialog.getByLabel("承运方").fill("顺丰");
  await dialog.getByLabel("运单号").fill("SF1");
  await expectAccessible(page, undefined, true);
  await dialog.getByRole("button", { name: "交付", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("部分交付", { exact: true })).toBeVisible();
  await expect(page.getByText("未交 3", { exact: true })).toBeVisible();
  await expect(page.getByText("笔记本 × 2", { exact: true })).toBeVisible();
  await expectAccessibleInBothSchemes(page);

  await page.getByRole("button", { name: "交付", exact: true }).click();
  await expect(dialog.getByLabel("笔记本的数量")).toHaveValue("3");
  await expect(dialog.getByLabel("承运方")).toHaveValue("顺丰");
  await dialog.getByRole("button", { name: "交付", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("部分交付", { exact: true })).toBeHidden();
  await expect(page.getByText("笔记本 × 3、鼠标 × 5", { exact: true })).toBeVisible();

  await page.getByRole("button", { name: "取消交付" }).first().click();
  await dialog.getByRole("button", { name: "取消交付" }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByText("部分交付", { exact: true })).toBeVisible();
  await page.getByRole("button", { name: "更正交付" }).click();
  await dialog.getByLabel("运单号").fill("SF2");
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText(/顺丰 · SF2/)).toBeVisible();
  expect((await api.get("/orders?filter[delivery]=part")).items).toHaveLength(1);
});
