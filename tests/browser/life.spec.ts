/** What is known of a customer's life beside the facts: days in both calendars, a yes and a no, things owned, wishes. */
import { expect, test } from "./fixtures";

test("days, consent, things and wishes on a customer's page", async ({ api, open }) => {
  const guest = await api.post("/customers", {
    kind: "person",
    name: "何念慈",
    phones: [{ number: "13800138000" }],
    emails: [{ address: "he@example.com" }],
  });
  const page = await open(`/customers/${guest.id}`);

  await page.getByRole("button", { name: "加日子" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByText("农历", { exact: true }).click();
  await dialog.getByRole("textbox", { name: "年" }).fill("1985");
  await dialog.getByRole("combobox", { name: "月" }).click();
  await page.getByRole("option", { name: "八月", exact: true }).click();
  await dialog.getByRole("combobox", { name: "日", exact: true }).click();
  await page.getByRole("option", { name: "十五", exact: true }).click();
  await expect(dialog.getByText(/农历八月十五 · 满 \d+ 年/)).toBeVisible();
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("农历1985 年八月十五")).toBeVisible();

  await page.getByRole("button", { name: /营销 · 短信/ }).click();
  await page.getByRole("dialog").getByLabel("在哪里说的").fill("入会表");
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("button", { name: /营销 · 短信: 可以联系/ })).toBeVisible();
  await page.getByRole("button", { name: "全部 1 次表态" }).click();
  await expect(page.getByText(/入会表/)).toBeVisible();

  await page.getByRole("button", { name: "登记设备" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "名称" }).fill("茶具");
  await page.getByRole("dialog").getByRole("textbox", { name: "序列号" }).fill("TJ-7");
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("TJ-7").first()).toBeVisible();

  await page.getByRole("button", { name: "记下心愿" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "想要什么" }).fill("白瓷壶");
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await page.getByRole("button", { name: "“白瓷壶”：到货了" }).click();
  await expect(page.getByText("已到货", { exact: true })).toBeVisible();

  for (const amount of ["8000", "9500"]) {
    await page.getByRole("button", { name: "记录情况" }).click();
    await page.getByRole("combobox", { name: "种类" }).click();
    await page.getByRole("option", { name: "年采购总额", exact: true }).click();
    const fact = page.locator("form", { has: page.getByRole("textbox", { name: "金额" }) });
    await fact.getByRole("textbox", { name: "金额" }).fill(amount);
    await fact.getByRole("button", { name: "保存" }).click();
    await expect(fact).toHaveCount(0);
  }
  await expect(page.getByText("¥9,500.00")).toBeVisible();
  await expect(page.getByText(/截至 .* · 询问客户/)).toBeVisible();
  await page.getByRole("button", { name: "更早 1 条" }).click();
  await expect(page.getByText("¥8,000.00")).toBeVisible();

  await page.goto(new URL("/", page.url()).href);
  await expect(page.getByText(/白瓷壶 到货了/)).toBeVisible();
  await page.getByRole("button", { name: "已告知 何念慈" }).click();
  await expect(page.getByText(/白瓷壶 到货了/)).toHaveCount(0);

  await page.goto(new URL("/assets?q=tj-7", page.url()).href);
  await expect(page.getByText("TJ-7").first()).toBeVisible();
});

test("a customer becomes a key account, with a team, a goal and a rhythm", async ({ api, open }) => {
  const guest = await api.post("/customers", { kind: "organization", name: "远山食品集团" });
  const page = await open(`/customers/${guest.id}`);
  await page.getByRole("button", { name: "设为大客户" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "远山食品集团" })).toBeVisible();

  await page.getByRole("button", { name: "编辑" }).click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("combobox", { name: "关系水平" }).click();
  await page.getByRole("option", { name: "能动型" }).click();
  await panel.getByRole("textbox", { name: "计划" }).fill("进入两个食堂");
  await panel.getByRole("button", { name: "添加目标" }).click();
  await panel.getByRole("textbox", { name: "第 1 个目标", exact: true }).fill("第二个园区");
  await panel.getByRole("button", { name: "保存" }).click();
  await expect(panel).toHaveCount(0);
  await expect(page.getByText("进入两个食堂")).toBeVisible();
  await page.getByRole("combobox", { name: "目标“第二个园区”的状态" }).click();
  await page.getByRole("option", { name: "已达成" }).click();

  await page.getByRole("button", { name: "计划“拜访”" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "每隔多少天" }).fill("60");
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("从未 · 每 60 天")).toBeVisible();

  const account = (await api.get(`/customers/${guest.id}/key-accounts`)).items[0];
  expect(account.goals[0].status).toBe("reached");
  await page.goto(new URL("/key-accounts", page.url()).href);
  await expect(page.getByRole("link", { name: "远山食品集团" })).toBeVisible();
  await page.goto(new URL(`/customers/${guest.id}`, page.url()).href);
  await page.getByRole("link", { name: "打开", exact: true }).click();
  await page.getByRole("button", { name: "取消大客户" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "取消大客户" }).click();
  await expect(page.getByRole("button", { name: "设为大客户" })).toBeVisible();
});

test("an organisation becomes a dealer, its clerk is taught", async ({ api, open }) => {
  const shop = await api.post("/customers", { kind: "organization", name: "姑苏茶行" });
  const clerk = await api.post("/customers", { kind: "person", name: "店员小周" });
  const page = await open(`/customers/${shop.id}`);
  await page.getByRole("button", { name: "设为经销商" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "姑苏茶行" })).toBeVisible();

  await page.getByRole("button", { name: "添加店员" }).click();
  await page.getByRole("combobox", { name: "谁在那里销售" }).fill("店员小周");
  await page.getByRole("option", { name: /店员小周/ }).click();
  await expect(page.getByText("未培训")).toBeVisible();
  await page.getByRole("button", { name: "记录店员小周的培训" }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: "课程" }).click();
  await page.getByRole("option", { name: "产品知识" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("已培训", { exact: true }).last()).toBeVisible();

  await page.goto(new URL(`/customers/${clerk.id}`, page.url()).href);
  await expect(page.getByText(/产品知识 · 已通过/)).toBeVisible();
  await page.goto(new URL("/dealers", page.url()).href);
  await expect(page.getByRole("link", { name: "姑苏茶行" })).toBeVisible();
});
