/** A customer who falls silent is warned of; what is done is recorded, and how it ended is counted by reason. */
import { expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";
import type { Api } from "./server";

/** `YYYY-MM-DD` so many days ago, in the company's zone. */
const ago = (days: number) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(
    new Date(Date.now() - days * 86_400_000),
  );

/** Three customers who bought every month and stopped four months ago. */
async function silent(api: Api) {
  const company = await api.get("/settings");
  const insight = { warned_classes: ["vip", "major", "ordinary", "small"] };
  await api.patch("/settings", company.version, { settings: { insight } });
  for (const [name, amount] of [
    ["沉默甲", "1000.00"],
    ["沉默乙", "500.00"],
    ["沉默丙", "200.00"],
  ] as const) {
    const customer = await api.post("/customers", { kind: "person", name, status: "customer" });
    for (const month of [0, 1, 2, 3, 4, 5]) {
      const lines = [{ name: "茶", quantity: "1", price: { amount, currency: "CNY" } }];
      await api.post("/orders", {
        customer_id: customer.id,
        ordered_on: ago(120 + 30 * month),
        status: "confirmed",
        lines,
      });
    }
  }
  await api.post("/insight/evaluations");
  await expect.poll(async () => (await api.get("/insight/warnings")).items.length).toBe(3);
}

test("a warning is worked on, kept or lost with a reason, and counted", async ({ open, page, api }) => {
  await silent(api);
  await open("/insight/warnings");
  const list = page.getByRole("table", { name: "预警" });
  await expect(list.getByRole("row")).toHaveCount(4);
  const row = (name: string) => list.getByRole("row", { name: new RegExp(name) });
  await expect(row("沉默甲")).toContainText("超过自己的购买节奏");

  await row("沉默甲").getByRole("button", { name: "处理" }).click();
  const dialog = page.getByRole("dialog", { name: "沉默甲：怎么办" });
  await dialog.getByRole("textbox", { name: "措施" }).fill("周三上门拜访，带新报价");
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(row("沉默甲")).toContainText("处理中");
  await expect(row("沉默甲")).toContainText("带新报价");

  await row("沉默甲").getByRole("button", { name: "处理" }).click();
  await expect(dialog.getByRole("textbox", { name: "措施" })).toHaveValue("周三上门拜访，带新报价");
  await dialog.getByText("已挽回", { exact: true }).click();
  await dialog.getByRole("textbox", { name: "说明" }).fill("续签一年");
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(list.getByRole("row")).toHaveCount(3);

  await row("沉默乙").getByRole("button", { name: "处理" }).click();
  const lost = page.getByRole("dialog", { name: "沉默乙：怎么办" });
  await lost.getByText("已流失", { exact: true }).click();
  await lost.getByRole("button", { name: "保存" }).click();
  await expect(lost.getByText("必填")).toBeVisible();
  await lost.getByRole("combobox", { name: "流失原因" }).click();
  await page.getByRole("option", { name: "价格", exact: true }).click();
  await lost.getByRole("button", { name: "保存" }).click();
  await expect(list.getByRole("row")).toHaveCount(2);
  await expectAccessibleInBothSchemes(page);

  const reasons = page.getByRole("table", { name: /流失原因/ });
  await expect(reasons.getByRole("row", { name: /价格/ })).toContainText("¥3,000.00");
  await expect(page.getByText("50%")).toBeVisible();

  await page.getByText("已流失", { exact: true }).first().click();
  await expect(row("沉默乙")).toContainText("已流失 · 价格");
  await page.reload();
  await expect(row("沉默乙")).toContainText("已流失 · 价格");
  await page.getByText("已挽回", { exact: true }).first().click();
  await expect(row("沉默甲")).toContainText("已挽回");
});
