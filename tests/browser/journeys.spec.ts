/** A shipped template is put on, a customer sets out on it, stations are done, skipped and told, and it is stopped. */
import { expectAccessible, expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";

test("a template is put on, and a customer walks along it", async ({ page, open, api }) => {
  await open("/settings/journeys");
  await expect(page.getByText("还没有旅程模板")).toBeVisible();
  await page.getByRole("button", { name: "使用“售后上门拜访”" }).click();
  const panel = page.getByRole("dialog");
  await expect(panel.getByLabel("中文名称").first()).toHaveValue("售后上门拜访");
  await panel.getByLabel("提前几天生成待办").fill("5");
  await panel.getByRole("button", { name: "添加节点" }).click();
  const fourth = panel.getByRole("group", { name: "节点 4" });
  await fourth.getByLabel("中文名称").fill("周年回访");
  await fourth.getByRole("switch", { name: "定期重复" }).click({ force: true });
  await fourth.getByLabel("每隔").fill("4");
  await expectAccessible(page, undefined, true);
  await panel.getByRole("button", { name: "保存" }).click();
  await expect(panel).toBeHidden();
  await expect(page.getByRole("button", { name: "售后上门拜访", exact: true })).toBeVisible();
  const made = (await api.get("/journeys")).items[0];
  expect(made).toMatchObject({ event: "order_paid", lead_days: 5, active: true });
  expect(made.steps[3]).toMatchObject({
    name_en: "周年回访",
    after: "next_need",
    every: { count: 4, unit: "years" },
  });
  await expectAccessibleInBothSchemes(page);

  const customer = await api.post("/customers", { kind: "person", name: "顾念" });
  const before = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
  const body = { journey_id: made.id, customer_id: customer.id, started_on: before };
  await open(`/customers/${customer.id}`);
  await page.getByRole("button", { name: "开始旅程" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByLabel("旅程")).toHaveValue("售后上门拜访");
  await dialog.getByRole("button", { name: "开始", exact: true }).click();
  await expect(dialog).toBeHidden();
  const run = page.getByRole("region", { name: "售后上门拜访" });
  const stations = run.getByRole("list", { name: "售后上门拜访" }).getByRole("listitem");
  await expect(stations).toHaveCount(4);
  await expect(stations.nth(0)).toContainText("未到");
  await run.getByRole("button", { name: "停止“售后上门拜访”" }).click();
  await dialog.getByLabel("原因").fill("起算日期不对");
  await dialog.getByRole("button", { name: "停止旅程" }).click();
  await expect(run.getByText("已停止")).toBeVisible();

  // One that began a month ago: its first stations are late, and stand among the tasks of the day.
  const later = await api.post("/journey-runs", body);
  expect(later.late).toBe(true);
  await open("/");
  await expect(page.getByText("上门拜访 · 售后上门拜访")).toBeVisible();
  await open(`/customers/${customer.id}`);
  const late = page.getByRole("region", { name: "售后上门拜访" }).first();
  const line = late.getByRole("list", { name: "售后上门拜访" }).getByRole("listitem");
  await expect(line.nth(0)).toContainText("逾期");
  await late.getByRole("button", { name: "跳过“致谢电话”" }).click();
  await dialog.getByRole("button", { name: "跳过", exact: true }).click();
  await expect(dialog.getByText("必填")).toBeVisible();
  await dialog.getByLabel("原因").fill("当面谢过了");
  await dialog.getByRole("button", { name: "跳过", exact: true }).click();
  await expect(line.nth(0)).toContainText("已跳过: 致谢电话");
  await expect(line.nth(0)).toContainText("当面谢过了");
  await late.getByRole("button", { name: "完成“上门拜访”" }).click();
  await dialog.getByLabel("结果").fill("想添一台净水器");
  await expectAccessible(page, undefined, true);
  await dialog.getByRole("button", { name: "完成", exact: true }).click();
  await expect(dialog).toBeHidden();
  await expect(line.nth(1)).toContainText("已完成: 上门拜访");
  await expect(line.nth(2)).toContainText("未到");
  await expect(page.getByText("完成旅程节点").first()).toBeVisible();
  await expect(page.getByText("售后上门拜访 · 上门拜访: 想添一台净水器").first()).toBeVisible();
  await expectAccessibleInBothSchemes(page);
});
