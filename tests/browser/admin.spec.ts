import { expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";

const PAGES = [
  "company",
  "organisation",
  "users",
  "roles",
  "tags",
  "fields",
  "dictionaries",
  "api-keys",
  "audit",
  "jobs",
];

for (const page of PAGES) {
  test(`settings/${page} is accessible @smoke @phone`, async ({ open }) => {
    const shown = await open(`/settings/${page}`);
    await expect(shown.getByRole("heading", { level: 1 })).toBeVisible();
    await expectAccessibleInBothSchemes(shown);
  });
}

test("a unit and its departments are made and shown as a tree", async ({ open, page }) => {
  await open("/settings/organisation");
  await page.getByRole("button", { name: "新建单位" }).click();
  const panel = page.getByRole("dialog");
  await expectAccessibleInBothSchemes(page);
  await panel.getByLabel("名称").fill("北方酒店");
  await panel.getByRole("button", { name: "保存" }).click();
  await expect(panel.getByText("必填")).toBeVisible();
  await panel.getByLabel("编号").fill("BF");
  await panel.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("heading", { name: /北方酒店/ })).toBeVisible();

  const sheet = page.locator("section").filter({ hasText: "北方酒店" });
  await sheet.getByRole("button", { name: "新建部门" }).click();
  await page.getByRole("dialog").getByLabel("名称").fill("前厅");
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await sheet.getByRole("button", { name: "在“前厅”下新建部门" }).click();
  await page.getByRole("dialog").getByLabel("名称").fill("早餐厅");
  await page.keyboard.press("Control+Enter");
  await expect(sheet.getByRole("list").getByRole("list").getByText("早餐厅")).toBeVisible();
});

test("a colleague is invited, chooses a password, and is signed out when deactivated", async ({
  open,
  page,
  browser,
  api,
}) => {
  await open("/settings/users");
  await page.getByRole("button", { name: "新建用户" }).first().click();
  const panel = page.getByRole("dialog");
  await panel.getByLabel("姓名").fill("周明远");
  await panel.getByLabel("账号").fill("zhou");
  await panel.getByRole("combobox", { name: "部门" }).click();
  await page.getByRole("option").first().click();
  await panel.getByRole("combobox", { name: "角色" }).click();
  await page.getByRole("option", { name: "成员", exact: true }).click();
  await page.keyboard.press("Escape");
  await panel.getByRole("button", { name: "新建" }).click();
  const link = await page.getByLabel("邀请链接").inputValue();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("row").filter({ hasText: "周明远" })).toContainText("待加入");

  const theirs = await browser.newContext({ locale: "zh-CN" });
  const colleague = await theirs.newPage();
  await colleague.goto(link);
  await colleague.getByRole("textbox", { name: "新密码" }).fill("four words in a row");
  await colleague.getByRole("button", { name: "设置并进入" }).click();
  await expect(colleague.getByRole("heading", { level: 1 })).toContainText("周明远");
  await expect(colleague.getByRole("link", { name: "用户" })).toHaveCount(0);

  await page.getByRole("link", { name: "周明远" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "周明远" })).toBeVisible();
  await expectAccessibleInBothSchemes(page);
  await page.getByRole("button", { name: "停用" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "停用" }).click();
  await expect(page.getByText("已停用", { exact: true })).toBeVisible();
  await colleague.reload();
  await expect(colleague.getByRole("heading", { name: "登录" })).toBeVisible();
  await theirs.close();
  const users = await api.get("/users?q=zhou");
  expect(users.items[0].active).toBe(false);
});

test("two people change one record: both versions are shown, neither is lost", async ({
  open,
  page,
  api,
}) => {
  const [department] = (await api.get("/departments")).items;
  const roles = (await api.get("/roles")).items;
  const user = await api.post("/users", {
    name: "李小龙",
    login: "xiaolong",
    department_id: department.id,
    role_ids: [roles[0].id],
    locale: "zh-CN",
    password: "four words in a row",
  });
  await open(`/settings/users/${user.id}`);
  await page.getByLabel("电话").fill("13800000001");
  await api.patch(`/users/${user.id}`, user.version, { email: "long@example.com" });
  await page.getByRole("button", { name: "保存" }).click();
  const dialog = page.getByRole("dialog", { name: "有人先一步改了它" });
  await expect(dialog.getByText("long@example.com")).toBeVisible();
  await expectAccessibleInBothSchemes(page);
  await dialog.getByRole("button", { name: "用我的覆盖" }).click();
  await expect(page.getByText("已保存").first()).toBeVisible();
  const now = await api.get(`/users/${user.id}`);
  expect(now.phone).toContain("13800000001");
  // Only what I changed was sent, so the other's change stands.
  expect(now.email).toBe("long@example.com");
});

test("a built-in role is read, copied and changed", async ({ open, page }) => {
  await open("/settings/roles");
  await page.getByRole("link", { name: "成员" }).click();
  await expect(page.getByText("这是内置角色")).toBeVisible();
  await expectAccessibleInBothSchemes(page);
  await page.getByRole("button", { name: "复制" }).click();
  await page.getByRole("dialog").getByLabel("名称").fill("门店店长");
  await page.getByRole("dialog").getByRole("button", { name: "复制" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "门店店长" })).toBeVisible();
  await page.getByLabel("导入数据").check();
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已保存").first()).toBeVisible();
  await page.reload();
  await expect(page.getByLabel("导入数据")).toBeChecked();
  await expectAccessibleInBothSchemes(page);
});

test("an API key is shown once and works until it is revoked", async ({ open, page, server }) => {
  await open("/settings/api-keys");
  await page.getByRole("button", { name: "新建密钥" }).first().click();
  const panel = page.getByRole("dialog");
  await panel.getByLabel("名称").fill("收银系统");
  await panel.getByRole("combobox", { name: "权限" }).click();
  await page.getByRole("option", { name: "查看用户与组织" }).click();
  await page.keyboard.press("Escape");
  await panel.getByRole("button", { name: "新建" }).click();
  const secret = await page.getByLabel("密钥", { exact: true }).inputValue();
  expect(secret).toMatch(/^rgl_/);
  const call = () => fetch(`${server.base}/api/v1/units`, { headers: { Authorization: `Bearer ${secret}` } });
  expect((await call()).status).toBe(200);
  await page.keyboard.press("Escape");
  await page
    .getByRole("row", { name: /收银系统/ })
    .getByRole("button", { name: "吊销" })
    .click();
  await page.getByRole("dialog").getByRole("button", { name: "吊销" }).click();
  await expect(page.getByText("已吊销")).toBeVisible();
  await expect.poll(async () => (await call()).status, { timeout: 6_000 }).toBe(401);
});

test("company settings are changed and kept", async ({ open, page }) => {
  await open("/settings/company");
  await page.getByRole("radio", { name: "付清时" }).check();
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已保存").first()).toBeVisible();
  await page.reload();
  await expect(page.getByRole("radio", { name: "付清时" })).toBeChecked();
});

test("tags, fields and dictionary entries are made, and the audit log tells who did", async ({
  open,
  page,
}) => {
  await open("/settings/tags");
  await page.getByRole("button", { name: "新建标签" }).first().click();
  await expectAccessibleInBothSchemes(page);
  await page.getByRole("dialog").getByLabel("名称").fill("茶友会");
  await page.getByRole("dialog").getByRole("radio", { name: "柿红" }).check();
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("cell", { name: "茶友会" })).toBeVisible();
  await expectAccessibleInBothSchemes(page);

  await page.getByRole("link", { name: "自定义字段" }).click();
  await page.getByRole("button", { name: "新建字段" }).first().click();
  const field = page.getByRole("dialog");
  await field.getByLabel("中文名称").fill("常坐座位");
  await field.getByLabel("英文名称").fill("Usual seat");
  await field.getByLabel("标识").fill("Seat");
  await field.getByRole("combobox", { name: "类型" }).click();
  await page.getByRole("option", { name: "单选" }).click();
  await field.getByRole("button", { name: "添加可选项" }).click();
  await field.getByPlaceholder("标识").fill("window");
  await field.getByPlaceholder("中文名称").fill("靠窗");
  await field.getByPlaceholder("英文名称").fill("Window");
  await field.getByRole("button", { name: "保存" }).click();
  await expect(field.getByText("以小写字母开头")).toBeVisible();
  await expectAccessibleInBothSchemes(page);
  await field.getByLabel("标识").first().fill("seat");
  await field.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("cell", { name: "常坐座位" })).toBeVisible();

  await page.getByRole("link", { name: "字典" }).click();
  await page.getByRole("button", { name: "新建可选项" }).first().click();
  const entry = page.getByRole("dialog");
  await entry.getByLabel("中文名称").fill("茶叶零售");
  await entry.getByLabel("英文名称").fill("Tea retail");
  await entry.getByLabel("标识").fill("tea_retail");
  await entry.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("cell", { name: "茶叶零售" })).toBeVisible();
  await expectAccessibleInBothSchemes(page);

  await page.getByRole("link", { name: "审计日志" }).click();
  const row = page.getByRole("row", { name: /标签/ }).first();
  await expect(row).toContainText("沈小满");
  await expectAccessibleInBothSchemes(page);
  await row.getByRole("gridcell").first().focus();
  await page.keyboard.press("Enter");
  const changes = page.getByRole("dialog").getByRole("table", { name: "改动" });
  await expect(changes.getByRole("row", { name: /名称/ })).toContainText("茶友会");
  await expect(changes.getByRole("row", { name: /颜色/ })).toContainText("柿红");
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "筛选" }).click();
  await page.getByRole("combobox", { name: "字段" }).click();
  await page.getByRole("option", { name: "对象", exact: true }).click();
  await page.getByRole("combobox", { name: "值" }).click();
  await page.getByRole("option", { name: "自定义字段" }).click();
  await page.getByRole("button", { name: "应用" }).click();
  await expect(page.getByRole("row", { name: /标签/ })).toHaveCount(0);
  await expect(page.getByRole("row", { name: /自定义字段/ }).first()).toBeVisible();
  await expect(page).toHaveURL(/filter=/);
});
