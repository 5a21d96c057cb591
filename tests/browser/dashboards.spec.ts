/** A board is made of two cards, arranged by keyboard alone, shown to the unit, and read by somebody else in their own sight. */
import { expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";
import type { Api, Person } from "./server";

const yuan = (amount: string) => ({ amount, currency: "CNY" });

async function sold(api: Api, name: string, amount: string) {
  const customer = await api.post("/customers", { kind: "person", name, status: "customer" });
  const lines = [{ name: "茶", quantity: "1", price: yuan(amount) }];
  const ordered_on = new Date().toISOString().slice(0, 10);
  await api.post("/orders", {
    customer_id: customer.id,
    ordered_on,
    status: "confirmed",
    channel: "store",
    lines,
  });
}

async function colleague(api: Api): Promise<Person> {
  const roles = (await api.get("/roles")).items as { key: string; id: string }[];
  const member = roles.find((one) => one.key === "member")?.id ?? "";
  const person = { login: "board-reader", password: "correct horse battery" };
  await api.post("/users", {
    name: "许知夏",
    department_id: api.me.department.id,
    role_ids: [member],
    ...person,
  });
  return person;
}

test("a board is made, arranged by keyboard, shared, and read in one's own sight", async ({
  open,
  page,
  api,
}) => {
  await sold(api, "看板甲", "100.00");
  const reader = await colleague(api);
  await open("/insight/dashboards");
  // Nobody made anything yet: the one that comes with the program is there.
  await expect(page.getByRole("heading", { level: 1, name: "经营总览" })).toBeVisible();
  await expect(
    page.getByRole("region", { name: "每日销售额" }).getByRole("img", { name: /第一个数值的图/ }),
  ).toBeVisible();

  await page.getByRole("button", { name: "切换仪表板" }).click();
  await page.getByRole("menuitem", { name: "新建仪表板" }).click();
  const naming = page.getByRole("dialog", { name: "新建仪表板" });
  await naming.getByLabel("名称").fill("周一晨会");
  await naming.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "周一晨会" })).toBeVisible();

  await page.getByRole("button", { name: "添加卡片" }).click();
  await page.getByRole("button", { name: "添加卡片" }).first().click();
  const figure = page.getByRole("dialog", { name: "新卡片" });
  await figure.getByRole("button", { name: "添加" }).click();
  await expect(page.getByRole("region", { name: "销售额" })).toContainText("¥100");

  await page.getByRole("button", { name: "添加卡片" }).click();
  const pivot = page.getByRole("dialog", { name: "新卡片" });
  await pivot.getByText("新图表", { exact: true }).click();
  await pivot.getByRole("combobox", { name: "分组" }).click();
  await page.getByRole("option", { name: "渠道", exact: true }).click();
  await pivot.getByLabel("标题").fill("各渠道");
  await expectAccessibleInBothSchemes(page);
  await pivot.getByRole("button", { name: "添加" }).click();
  const channels = page.getByRole("region", { name: "各渠道" });
  await expect(channels.getByRole("img", { name: /第一个数值的图/ })).toBeVisible();

  const order = () => page.locator("[data-card] h2").allTextContents();
  expect(await order()).toEqual(["销售额", "各渠道"]);
  const handle = channels.getByRole("button", { name: /^移动各渠道/ });
  await handle.focus();
  await page.keyboard.press("ArrowLeft");
  await expect.poll(order).toEqual(["各渠道", "销售额"]);
  await expect(handle).toBeFocused();
  await expect(page.getByText("各渠道现在是第 1 张，共 2 张")).toBeAttached();
  await channels.getByRole("button", { name: "各渠道变窄" }).click();
  await expect(channels).toHaveAttribute("data-width", "1");
  await expectAccessibleInBothSchemes(page);
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("button", { name: "编辑" })).toBeVisible();
  await expect.poll(order).toEqual(["各渠道", "销售额"]);

  await page.getByRole("button", { name: "更多" }).click();
  await page.getByRole("menuitem", { name: "名称、共享与日期" }).click();
  const sharing = page.getByRole("dialog", { name: "名称、共享与日期" });
  await sharing.getByRole("combobox", { name: "显示给" }).click();
  await page.getByRole("option", { name: "本单位所有人" }).click();
  await sharing.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("本单位所有人")).toBeVisible();

  await channels.getByText("表", { exact: true }).click();
  await channels.getByRole("button", { name: "¥100.00" }).first().click();
  await expect(page.getByRole("dialog", { name: "数字背后的订单" }).getByRole("link")).toHaveCount(1);
  await page.keyboard.press("Escape");
  await channels.getByRole("link", { name: "各渠道" }).click();
  await expect(page.getByRole("region", { name: "行", exact: true }).getByRole("button")).toHaveText([
    /^渠道/,
  ]);

  await page.context().clearCookies();
  await open("/insight/dashboards", reader);
  await page.getByRole("button", { name: "切换仪表板" }).click();
  await page.getByRole("menuitem", { name: /周一晨会/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "周一晨会" })).toBeVisible();
  await expect(page.getByRole("region", { name: "销售额" })).toContainText("¥0");
  await expect(page.getByRole("button", { name: "编辑" })).toHaveCount(0);
  await page.getByRole("button", { name: "复制一份" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "周一晨会（副本）" })).toBeVisible();
});
