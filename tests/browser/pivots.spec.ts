/** A pivot is built by dragging and by keyboard alone, opened down to its records, drawn, saved and opened again. */
import { readFile } from "node:fs/promises";
import { expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";
import type { Api } from "./server";

const yuan = (amount: string) => ({ amount, currency: "CNY" });

/** Orders of three customers in this and the last month. */
async function sold(api: Api) {
  const today = new Date();
  const day = (months: number) =>
    new Date(Date.UTC(today.getUTCFullYear(), today.getUTCMonth() - months, 1)).toISOString().slice(0, 10);
  for (const [name, industry, amounts] of [
    ["透视甲", "retail", ["100.00", "50.00"]],
    ["透视乙", "catering", ["30.00", "20.00"]],
  ] as const) {
    const customer = await api.post("/customers", {
      kind: "organization",
      name,
      industry,
      status: "customer",
    });
    for (const [months, amount] of amounts.entries()) {
      const lines = [{ name: "茶", quantity: "1", price: yuan(amount) }];
      await api.post("/orders", {
        customer_id: customer.id,
        ordered_on: day(months),
        status: "confirmed",
        channel: "store",
        lines,
      });
    }
  }
}

test("a pivot is built by dragging, opened, drawn, saved and opened again", async ({ open, page, api }) => {
  await sold(api);
  await open("/pivots");
  const table = page.getByRole("region", { name: "透视表" });
  await expect(table.getByRole("button", { name: "¥200.00" })).toHaveCount(2);

  const rows = page.getByRole("region", { name: "行", exact: true });
  await page.getByRole("button", { name: "行业", exact: true }).dragTo(rows);
  await expect(rows.getByRole("button")).toHaveText(["分类", "行业"]);
  await rows.getByRole("button", { name: "分类" }).click();
  await page.getByRole("menuitem", { name: "移除" }).click();
  await expect(table.getByRole("rowheader")).toHaveText(["零售商贸", "餐饮", "合计"]);
  const retail = table.getByRole("row", { name: /零售商贸/ });
  await expect(retail.getByRole("button").last()).toHaveText("¥150.00");

  await retail.getByRole("button").last().click();
  const behind = page.getByRole("dialog", { name: "数字背后的订单明细" });
  await expect(behind.getByRole("link")).toHaveCount(2);
  await expect(behind).toContainText("透视甲");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "柱形图" }).click();
  await expect(page.getByRole("img", { name: /第一个数值的图/ })).toBeVisible();

  const drawn = page.waitForEvent("download");
  await page.getByRole("button", { name: "存为图片" }).click();
  const png = await readFile(await (await drawn).path());
  expect(png.subarray(1, 4).toString()).toBe("PNG");
  await page.getByRole("button", { name: "面积图" }).click();
  await expect(page.getByRole("img", { name: /第一个数值的图/ })).toBeVisible();
  await page.getByRole("button", { name: "饼图" }).click();
  await expect(page.getByRole("img", { name: /第一个数值的占比图/ })).toBeVisible();
  const pie = page.waitForEvent("download");
  await page.getByRole("button", { name: "存为图片" }).click();
  expect((await readFile(await (await pie).path())).subarray(1, 4).toString()).toBe("PNG");
  await page.getByRole("button", { name: "热力表格" }).click();
  await expect(page.getByRole("img", { name: /第一个数值的图/ })).toHaveCount(0);
  await expect(page.getByText(/数据截至/)).toBeVisible();

  await page.getByRole("button", { name: "导出", exact: true }).click();
  const exporting = page.getByRole("dialog");
  await exporting.getByRole("button", { name: "导出", exact: true }).click();
  const written = page.waitForEvent("download");
  await exporting.getByRole("button", { name: /下载/ }).click();
  const book = await readFile(await (await written).path());
  expect(book.subarray(0, 2).toString()).toBe("PK");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "已存透视" }).click();
  await page.getByRole("menuitem", { name: "另存为…" }).click();
  await page.getByRole("dialog").getByLabel("名称").fill("行业月报");
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("button", { name: "行业月报", exact: true })).toBeVisible();
  await page.getByRole("button", { name: "行业月报" }).click();
  await page.getByRole("menuitem", { name: "重新开始" }).click();
  await expect(rows.getByRole("button")).toHaveText(["分类"]);
  await page.getByRole("button", { name: "已存透视" }).click();
  await page.getByRole("menuitem", { name: "行业月报" }).click();
  await expect(rows.getByRole("button")).toHaveText(["行业"]);
  await expect(page.getByRole("button", { name: "行业月报", exact: true })).toBeVisible();
});

test("the keyboard alone builds one, and compares it with the year before", async ({ open, page }) => {
  await open("/pivots");
  const columns = page.getByRole("region", { name: "列", exact: true });
  const press = async (region: string, name: string, item: string) => {
    await page
      .getByRole("region", { name: region, exact: true })
      .getByRole("button", { name, exact: true })
      .focus();
    await page.keyboard.press("Enter");
    await page.getByRole("menuitem", { name: item, exact: true }).focus();
    await page.keyboard.press("Enter");
  };
  await press("字段", "渠道", "放到列");
  await expect(columns.getByRole("button")).toHaveText(["下单日期 · 月", "渠道"]);
  await press("列", "下单日期 · 月", "季");
  await expect(columns.getByRole("button")).toHaveText(["下单日期 · 季", "渠道"]);
  await press("数值", "销售额", "变化率");
  await expect(page.getByRole("combobox", { name: "对比" })).toHaveValue("上年同期");
  await press("列", "渠道", "放到行");
  const rows = page.getByRole("region", { name: "行", exact: true });
  await expect(rows.getByRole("button")).toHaveText(["分类", "渠道"]);
});

test("what is counted is changed from sales to activities, down to what was said", async ({
  open,
  page,
  api,
}) => {
  const customer = await api.post("/customers", { kind: "person", name: "透视丙", status: "customer" });
  for (const [kind, body] of [
    ["call", "问了新茶的价格"],
    ["call", "答应周五寄样品"],
    ["visit", "看了货架"],
  ]) {
    await api.post("/interactions", { customer_id: customer.id, kind, body });
  }
  await open("/pivots");
  await page.getByRole("combobox", { name: "统计对象" }).click();
  await page.getByRole("option", { name: "跟进活动" }).click();
  const rows = page.getByRole("region", { name: "行", exact: true });
  await expect(rows.getByRole("button")).toHaveText(["活动类型"]);
  const columns = page.getByRole("region", { name: "列", exact: true });
  await expect(columns.getByRole("button")).toHaveText(["活动日期 · 月"]);
  const table = page.getByRole("region", { name: "透视表" });
  await expect(table.getByRole("rowheader")).toHaveText(["电话", "拜访", "合计"]);
  await expect(page.getByText(/由数据库计算/)).toBeVisible();

  await table.getByRole("row", { name: /电话/ }).getByRole("button").last().click();
  const behind = page.getByRole("dialog", { name: "数字背后的跟进活动" });
  await expect(behind.getByRole("link")).toHaveText(["答应周五寄样品", "问了新茶的价格"]);
  await expectAccessibleInBothSchemes(page);
  await behind.getByRole("link", { name: "问了新茶的价格" }).click();
  await expect(page.getByRole("heading", { name: "透视丙" })).toBeVisible();
});
