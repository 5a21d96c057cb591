/** What people do all day, each from the page they do it on: lists, views, many at once, money, imports, goods. */
import { expect, test } from "./fixtures";
import type { Api } from "./server";

const yuan = (amount: string) => ({ amount, currency: "CNY" });
const person = (api: Api, name: string, more = {}) =>
  api.post("/customers", { kind: "person", name, status: "customer", ...more });

test("two people change one phone in the list: both are shown, one is chosen", async ({
  open,
  page,
  api,
}) => {
  const customer = await person(api, "冲突甲", { phones: [{ number: "13700000001", primary: true }] });
  await open("/customers?q=冲突甲");
  const row = page.getByRole("row", { name: /冲突甲/ });
  await row.getByText("137 0000 0001").dblclick();
  await api.patch(`/customers/${customer.id}`, customer.version, {
    phones: [{ number: "13700000002", primary: true }],
  });
  const field = row.getByRole("textbox", { name: "电话" });
  await field.fill("13700000003");
  await field.press("Enter");
  const dialog = page.getByRole("dialog", { name: "有人先一步改了它" });
  await expect(dialog).toContainText("0002");
  await expect(dialog).toContainText("0003");
  await dialog.getByRole("button", { name: "用我的覆盖" }).click();
  await expect(row.getByText("137 0000 0003")).toBeVisible();
  expect((await api.get(`/customers/${customer.id}`)).phones[0].number).toContain("13700000003");
});

test("a view is saved, shared, left and opened again", async ({ open, page, api }) => {
  await person(api, "视图甲");
  await open("/customers?q=视图甲");
  await page.getByRole("button", { name: "视图" }).click();
  await page.getByRole("menuitem", { name: "另存为视图…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("名称").fill("甲的视图");
  await dialog.getByLabel("与同事共享").check();
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("button", { name: "甲的视图" })).toBeVisible();
  await page.getByRole("button", { name: "甲的视图" }).click();
  await page.getByRole("menuitem", { name: "全部", exact: true }).click();
  await expect(
    page
      .getByRole("searchbox", { name: "搜索" })
      .or(page.getByPlaceholder("搜索", { exact: true }))
      .first(),
  ).toHaveValue("");
  await page.getByRole("button", { name: "视图" }).click();
  await page.getByRole("menuitem", { name: /甲的视图/ }).click();
  await expect(page.getByPlaceholder("搜索", { exact: true })).toHaveValue("视图甲");
  const [view] = (await api.get("/views")).items.filter((one: { name: string }) => one.name === "甲的视图");
  expect(view.shared).toBe(true);
});

test("many are tagged at once, and the work tells how far it is", async ({ open, page, api }) => {
  const tag = await api.post("/tags", { name: "一起加", color: "pine" });
  for (const n of ["一", "二", "三"]) await person(api, `批量${n}`);
  await open("/customers?q=批量");
  await expect(page.getByRole("link", { name: "批量三" })).toBeVisible();
  await page.getByRole("checkbox", { name: "选中 批量一" }).check();
  await page.getByRole("checkbox", { name: "选中 批量二" }).check();
  await page.getByRole("button", { name: "加标签" }).click();
  const dialog = page.getByRole("dialog", { name: "给 2 位客户加标签" });
  await dialog.getByRole("combobox", { name: "标签" }).click();
  await page.getByRole("option", { name: "一起加" }).click();
  await page.keyboard.press("Escape");
  await dialog.getByRole("button", { name: "加标签" }).click();
  await expect(dialog.getByText("已完成")).toBeVisible();
  await expect
    .poll(async () => {
      const tags = (await api.get("/tags")).items;
      return tags.find((one: { id: string }) => one.id === tag.id).customers_count;
    })
    .toBe(2);
});

test("the ticked and everything found are handed to a colleague", async ({ open, page, api }) => {
  const [department] = (await api.get("/departments")).items;
  const member = (await api.get("/roles")).items.find((one: { key?: string }) => one.key === "member");
  const heir = await api.post("/users", {
    name: "接手人",
    login: "heir",
    department_id: department.id,
    role_ids: [member.id],
    locale: "zh-CN",
    password: "four words in a row",
  });
  const MANY = 3_000;
  const rows = Array.from({ length: MANY }, (_, n) => `HAND-${n},移交${n},网站`);
  const file = await api.upload(
    "/imports?resource=customers&file_name=hand.csv",
    ["编号,姓名,来源", ...rows].join("\n"),
  );
  await api.post(`/imports/${file.id}/run`);
  await expect
    .poll(async () => (await api.get(`/imports/${file.id}`)).status, { timeout: 90_000 })
    .toBe("done");

  const website = { all: [{ field: "source", op: "eq", value: "website" }] };
  await open(`/customers?filter=${encodeURIComponent(JSON.stringify(website))}&sort=code`);
  const hand = async () => {
    await page.getByRole("toolbar", { name: "批量操作" }).getByRole("button", { name: "分派" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "负责人" }).fill("接手");
    await page.getByRole("option", { name: "接手人" }).click();
    await dialog.getByRole("button", { name: "分派" }).click();
    return dialog;
  };
  const theirs = async () => {
    const filter = encodeURIComponent(JSON.stringify({ field: "owner", op: "eq", value: heir.id }));
    return (await api.get(`/customers?limit=1&count=true&filter=${filter}`)).total;
  };
  for (const name of ["移交0", "移交1"])
    await page.getByRole("checkbox", { name: `选中 ${name}`, exact: true }).check();
  const some = await hand();
  await expect(some.getByText("已完成")).toBeVisible();
  await some.getByRole("button", { name: "关闭" }).last().click();
  expect(await theirs()).toBe(2);

  await page.getByRole("checkbox", { name: "选中已加载的全部" }).check();
  await page.getByRole("button", { name: `选中全部 ${MANY} 条` }).click();
  const all = await hand();
  await expect(all.getByText("已完成")).toBeVisible({ timeout: 90_000 });
  await expect(page.getByRole("link", { name: /项任务进行中/ })).toHaveCount(0);
  expect(await theirs()).toBe(MANY);
});

test("an order is paid in part and a piece of it comes back", async ({ open, page, api }) => {
  const customer = await person(api, "收款甲");
  const order = await api.post("/orders", {
    customer_id: customer.id,
    status: "confirmed",
    lines: [{ name: "龙井", quantity: "2", price: yuan("680.00") }],
  });
  await open(`/orders/${order.id}`);
  await page.getByRole("button", { name: "收款" }).click();
  const paying = page.getByRole("dialog", { name: "收款" });
  await expect(paying.getByLabel("金额")).toHaveValue("1360.00");
  await paying.getByLabel("金额").fill("1000");
  await paying.getByRole("combobox", { name: "方式" }).click();
  await page.getByRole("option", { name: "现金" }).click();
  await paying.getByRole("button", { name: "收款" }).click();
  await expect(page.getByText("收款 · 现金")).toBeVisible();

  await page.getByRole("button", { name: "退货" }).click();
  const returning = page.getByRole("dialog", { name: "退货" });
  await returning.getByLabel("数量").fill("1");
  await expect(returning.getByLabel("金额")).toHaveValue("680.00");
  await returning.getByRole("combobox", { name: "原因" }).click();
  await page.getByRole("option", { name: "运输损坏" }).click();
  await returning.getByRole("button", { name: "退货" }).click();
  await expect(page.getByText(/龙井 · × 1 · 运输损坏/)).toBeVisible();
  const now = await api.get(`/orders/${order.id}`);
  expect([now.paid.amount, now.returned.amount]).toEqual(["1000.00", "680.00"]);
});

test("a mapping is kept for the next file, and an import is undone as a whole", async ({
  open,
  page,
  api,
}) => {
  await open("/imports/new");
  const choose = (name: string, text: string) =>
    page.locator("input[type=file]").setInputFiles({ name, mimeType: "text/csv", buffer: Buffer.from(text) });
  await choose("first.csv", "代号,称呼\nUNDO-1,撤销甲\nUNDO-2,撤销乙\n");
  const target = (column: string) => page.getByRole("combobox", { name: new RegExp(column) });
  await target("代号").click();
  await page.getByRole("option", { name: "客户编号", exact: true }).click();
  await target("称呼").click();
  await page.getByRole("option", { name: "名称", exact: true }).click();
  await page.getByRole("button", { name: "用过的对应" }).click();
  await page.getByRole("menuitem", { name: "保存现在的对应…" }).click();
  await page.getByRole("dialog").getByLabel("名称").fill("收银导出");
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await page.getByRole("button", { name: "检查", exact: true }).click();
  await page.getByRole("button", { name: "导入 2 行" }).click();
  await expect(page.getByText("导入完成，写入 2 行。")).toBeVisible();
  await page.getByRole("button", { name: "撤销这次导入" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "撤销这次导入" }).click();
  await expect(page.getByText("这次导入已整体撤销。")).toBeVisible();
  expect((await api.get("/customers?q=UNDO-1")).items).toHaveLength(0);

  await page.goto(new URL("/imports/new", page.url()).href);
  await choose("second.csv", "代号,称呼\nUNDO-3,撤销丙\n");
  await page.getByRole("button", { name: "用过的对应" }).click();
  await page.getByRole("menuitem", { name: "收银导出", exact: true }).click();
  await expect(target("代号")).toHaveValue("客户编号");
  await expect(target("称呼")).toHaveValue("名称");
});

test("what customers agreed to is brought in from a file", async ({ open, page, api }) => {
  const guest = await api.post("/customers", { kind: "person", name: "许可", code: "XK-1" });
  await open("/imports/new?resource=consents");
  const text =
    "客户编号,渠道,用途,是否同意,时间\nXK-1,短信,营销,同意,2026-01-05 10:00\nXK-1,邮件,营销,拒绝,2026-01-05 10:00\n";
  await page
    .locator("input[type=file]")
    .setInputFiles({ name: "consents.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await page.getByRole("button", { name: "检查", exact: true }).click();
  await page.getByRole("button", { name: "导入 2 行" }).click();
  await expect(page.getByText("导入完成，写入 2 行。")).toBeVisible();
  const said = await api.get(`/customers/${guest.id}/consents`);
  expect(JSON.stringify(said)).toContain("2026-01-05T02:00:00Z");
  await page.goto(new URL(`/customers/${guest.id}`, page.url()).href);
  await expect(page.getByRole("heading", { level: 1, name: "许可" })).toBeVisible();
});

test("how customers are judged is changed, and judged anew", async ({ open, page, api }) => {
  await open("/insight");
  await page.getByRole("button", { name: "设置" }).click();
  const panel = page.getByRole("dialog", { name: "怎样评价客户" });
  await panel.getByLabel("新客：首购后多少天内").fill("45");
  await panel.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已保存，正在按新的设置重新评估")).toBeVisible();
  expect((await api.get("/settings")).settings.insight.stage_thresholds.new_days).toBe(45);
});

test("a product is made, found and repriced", async ({ open, page }) => {
  await open("/products");
  await page.getByRole("button", { name: "新建产品" }).first().click();
  const panel = page.getByRole("dialog");
  await panel.getByLabel("名称").fill("凤凰单丛");
  await panel.getByLabel("编号").fill("FH-01");
  await panel.getByLabel("售价").fill("368");
  await panel.getByRole("button", { name: "保存" }).click();
  await page.getByPlaceholder("搜索", { exact: true }).fill("fenghuang");
  await page.getByRole("link", { name: "凤凰单丛" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "凤凰单丛" })).toBeVisible();
  await page.getByRole("button", { name: /编辑 售价/ }).click();
  await page.getByRole("textbox", { name: "售价" }).fill("398");
  await page.getByRole("textbox", { name: "售价" }).press("Enter");
  await expect(page.getByRole("button", { name: /编辑 售价.*398\.00/ })).toBeVisible();
});
