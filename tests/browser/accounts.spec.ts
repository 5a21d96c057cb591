/** A change of an account goes through two people's hands, and how many working days it took stands beside it. */
import { expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";

test("a new account is asked for, approved by somebody else, and done", async ({ api, open, page }) => {
  const [department] = (await api.get("/departments")).items;
  const role = (await api.get("/roles")).items.find((one: { key: string }) => one.key === "unit_head");
  const head = { login: "gu", password: "four words in a row" };
  const place = { department_id: department.id, role_ids: [role.id], locale: "zh-CN" };
  await api.post("/users", { name: "顾主任", ...place, ...head });

  await open("/settings/account-requests", head);
  await page.getByRole("button", { name: "申请变更" }).click();
  const ask = page.getByRole("dialog", { name: "申请变更" });
  await ask.getByRole("textbox", { name: "姓名" }).fill("孟新来");
  await ask.getByRole("textbox", { name: "账号" }).fill("meng");
  await ask.getByRole("combobox", { name: "部门" }).click();
  await page.getByRole("option", { name: new RegExp(department.name) }).click();
  await ask.getByRole("textbox", { name: "原因" }).fill("新店开业");
  await ask.getByRole("button", { name: "提交申请" }).click();
  await expect(page.getByText("已提交，等待他人批准")).toBeVisible();
  const line = page.getByRole("row").filter({ hasText: "孟新来" });
  await expect(line).toContainText("待批准");
  // Whoever asked does not approve.
  await line.click();
  const panel = page.getByRole("dialog");
  await expect(panel.getByRole("button", { name: "撤回" })).toBeVisible();
  await expect(panel.getByRole("button", { name: "批准" })).toHaveCount(0);

  await page.context().clearCookies();
  await open("/settings/account-requests");
  await line.click();
  await expect(panel).toContainText("新店开业");
  await panel.getByRole("textbox", { name: "备注" }).fill("同意");
  await panel.getByRole("button", { name: "批准" }).click();
  await expect(panel).toHaveCount(0);
  await expect(line).toContainText("待办理");
  await line.click();
  await panel.getByRole("button", { name: "创建账号" }).click();
  await expect(line).toContainText("已办理");
  await expect(line).toContainText("0 个工作日");
  await expectAccessibleInBothSchemes(page);
  await line.click();
  await expect(panel).toContainText("顾主任");
  await expect(panel).toContainText("0 个工作日");
});
