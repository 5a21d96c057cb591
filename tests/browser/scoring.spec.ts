/** A lead has a score with its reasons; a manager sees where the points come from, and sets them. */
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixtures";

test("points set by hand score leads, and say why", async ({ page, open, api }) => {
  await api.post("/opportunities", { name: "展会来电", type: "lead", source: "event" });
  const one = await api.post("/opportunities", { name: "老客户介绍", type: "lead", source: "referral" });
  await open("/sales/list");
  const referred = page.getByRole("row", { name: /老客户介绍/ });
  await expect(referred).toContainText("65");
  await open(`/sales/${one.id}`);
  const why = page.locator("section", { has: page.getByRole("heading", { name: "评分原因" }) }).last();
  await expect(why).toContainText("来源客户介绍");
  await expect(why).toContainText("+15");
  await why.getByRole("link", { name: "评分规则" }).click();

  await expect(page.getByRole("heading", { name: "线索评分" })).toBeVisible();
  await expect(page.getByText("目前按手工分值评分")).toBeVisible();
  await page.getByRole("button", { name: "重新学习" }).click();
  await expect(page.getByText(/至少要 200 条/)).toBeVisible();
  await expect(page.getByRole("table", { name: "学习记录" })).toContainText("案例太少");
  await expectAccessible(page);

  await page.getByRole("button", { name: "设置", exact: true }).click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("group", { name: "第 1 条" }).getByLabel("分值").fill("25");
  await expectAccessible(page);
  await panel.getByRole("button", { name: "保存" }).click();
  await expect(panel).toBeHidden();
  await expect(page.getByRole("table", { name: "分值" })).toContainText("+25");
  await expect.poll(async () => (await api.get(`/opportunities/${one.id}`)).score).toBe(75);
  await open(`/sales/${one.id}`);
  await expect(why).toContainText("75");
});
