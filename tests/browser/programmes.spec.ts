/** A programme is declared, its cohort is fitted, and the screen tells who stays how long. */
import { expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";
import type { Api } from "./server";

/** The first of the month so many months ago. */
const month = (ago: number) => {
  const now = new Date();
  return new Date(Date.UTC(now.getFullYear(), now.getMonth() - ago, 1)).toISOString().slice(0, 10);
};

/** Sixty who began together, of whom ever fewer paid each later bill. */
async function members(api: Api) {
  const price = { amount: "100.00", currency: "CNY" };
  const card = await api.post("/products", { code: "CARD", name: "会员卡", price });
  const left = [60, 48, 42, 38, 35, 33];
  for (let place = 0; place < 60; place += 1) {
    const customer = await api.post("/customers", {
      kind: "person",
      name: `会员${place}`,
      status: "customer",
    });
    for (const [bill, staying] of left.entries()) {
      if (place >= staying) break;
      const lines = [{ product_id: card.id, quantity: "1", price }];
      await api.post("/orders", {
        customer_id: customer.id,
        ordered_on: month(7 - bill),
        status: "confirmed",
        lines,
      });
    }
  }
}

test("a programme is declared and its retention is shown", async ({ open, page, api }) => {
  await members(api);
  await open("/insight/lifetime/programmes");
  await expect(page.getByText("还没有计划")).toBeVisible();
  await page.getByRole("button", { name: "计划设置" }).click();
  const panel = page.getByRole("dialog", { name: "会员与合约计划" });
  await panel.getByRole("button", { name: "添加计划" }).click();
  await panel.getByRole("textbox", { name: "中文名称" }).fill("会员月卡");
  await panel.getByRole("button", { name: "保存" }).click();
  await expect(panel.getByText("必填").first()).toBeVisible();
  await panel.getByRole("textbox", { name: "英文名称" }).fill("Monthly membership");
  await panel.getByRole("textbox", { name: "宽限天数" }).fill("120");
  await panel.getByRole("combobox", { name: "商品" }).click();
  await page.getByRole("option", { name: /会员卡/ }).click();
  await expectAccessibleInBothSchemes(page, true);
  await panel.getByRole("button", { name: "保存" }).click();
  await expect(panel).toHaveCount(0);

  await expect.poll(async () => (await api.get("/insight/lifetime/programmes")).items.length).toBe(1);
  await page.reload();
  const section = page.getByRole("region", { name: "会员月卡" });
  await expect(section.getByRole("table", { name: /有多少人留下/ })).toBeVisible();
  await expect(section.getByText("平均每期账单")).toBeVisible();
  await expect(section.getByRole("region", { name: "同期开始的客户" })).toBeVisible();
  await expectAccessibleInBothSchemes(page);

  await page.getByRole("link", { name: "日常购买" }).click();
  await expect(page).toHaveURL(/\/insight\/lifetime$/);
});

test("a group of durables is declared and its buyers are worth what is expected", async ({
  open,
  page,
  api,
}) => {
  const car = await api.post("/products", {
    code: "CAR",
    name: "轿车",
    price: { amount: "1000.00", currency: "CNY" },
  });
  const buyer = await api.post("/customers", { kind: "person", name: "车主", status: "customer" });
  const lines = [{ product_id: car.id, quantity: "1", price: car.price }];
  await api.post("/orders", { customer_id: buyer.id, ordered_on: month(7), status: "confirmed", lines });
  await open("/insight/lifetime/durables");
  await page.getByRole("button", { name: "分组设置" }).click();
  const panel = page.getByRole("dialog", { name: "耐用品" });
  await panel.getByRole("button", { name: "添加分组" }).click();
  await panel.getByRole("textbox", { name: "中文名称" }).fill("家用轿车");
  await panel.getByRole("textbox", { name: "英文名称" }).fill("Family cars");
  await panel.getByRole("textbox", { name: "预计还会买几件" }).fill("1.5");
  await panel.getByRole("textbox", { name: "单价（CNY）" }).fill("1000");
  await panel.getByRole("textbox", { name: "服务（CNY）" }).fill("多");
  await panel.getByRole("combobox", { name: "商品" }).click();
  await page.getByRole("option", { name: /轿车/ }).click();
  await panel.getByRole("button", { name: "保存" }).click();
  await expect(panel.getByRole("textbox", { name: "服务（CNY）" })).toHaveAttribute("aria-invalid", "true");
  await panel.getByRole("textbox", { name: "服务（CNY）" }).fill("240.50");
  await expectAccessibleInBothSchemes(page, true);
  await panel.getByRole("button", { name: "保存" }).click();
  await expect(panel).toHaveCount(0);
  const row = page.getByRole("row", { name: /家用轿车/ });
  await expect(row).toContainText("1,740.50");
  await api.post("/insight/evaluations", {});
  await expect.poll(async () => (await api.get("/insight/lifetime/durables")).items[0].customers).toBe(1);
  await page.reload();
  await expect(row).toContainText("1.5 × ¥1,000.00");
  await expectAccessibleInBothSchemes(page);
  await row.getByRole("link", { name: "1" }).click();
  await expect(page.getByText("车主")).toBeVisible();
});
