/** What is to be done: noted from Today, worked through by keyboard, listed, put on a customer's page. */
import { expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";

/** `YYYY-MM-DD` so many days from now, in the company's zone. */
function day(offset: number): string {
  const then = new Date(Date.now() + offset * 86_400_000);
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(then);
}

test("a morning's tasks are worked through by keyboard", async ({ api, open }) => {
  const guest = await api.post("/customers", { kind: "person", name: "何念慈" });
  await api.post("/tasks", { title: "催样品", due_on: day(-2), customer_ids: [guest.id], priority: 1 });
  await api.post("/tasks", { title: "回电话", due_on: day(0) });
  await api.post("/tasks", { title: "写周报", due_on: day(0), recurrence: "FREQ=WEEKLY" });
  await api.post("/tasks", { title: "下月的事", due_on: day(40) });
  const page = await open("/");
  const list = page.getByRole("list", { name: "我的待办" });
  await expect(list.getByRole("listitem")).toHaveCount(3);
  await expect(list.getByRole("listitem").first()).toContainText("已逾期");
  await expect(list.getByRole("listitem").first()).toContainText("何念慈");
  await expectAccessibleInBothSchemes(page);

  await page.keyboard.press("j");
  await expect(list.getByRole("button", { name: "催样品", exact: true })).toBeFocused();
  await page.keyboard.press("d");
  await expect(list.getByText("催样品")).toHaveCount(0);
  await expect(page.getByText("已完成：催样品")).toBeVisible();
  await page.keyboard.press("j");
  await expect(list.getByRole("button", { name: "写周报", exact: true })).toBeFocused();
  await page.keyboard.press("ArrowUp");
  await expect(list.getByRole("button", { name: "回电话", exact: true })).toBeFocused();
  await page.keyboard.press("s");
  await expect(page.getByText("已推迟：回电话")).toBeVisible();
  await expect(list.getByRole("listitem").filter({ hasText: "回电话" })).toContainText("明天");

  const weekly = list.getByRole("button", { name: "写周报", exact: true });
  await weekly.focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("textbox", { name: "事项" })).toHaveValue("写周报");
  await expectAccessibleInBothSchemes(page);
  await dialog.getByRole("textbox", { name: "备注" }).fill("附上数字");
  await page.keyboard.press("Control+Enter");
  await expect(dialog).toHaveCount(0);
  await expect(weekly).toBeFocused();
  await page.keyboard.press("d");
  // The next one is a week off, at the edge of what a morning looks at.
  await expect(list.getByRole("listitem").filter({ hasText: "写周报" })).not.toContainText("今天");

  await page.keyboard.press("n");
  await dialog.getByRole("textbox", { name: "事项" }).fill("买茶");
  await dialog.getByRole("button", { name: "加一项清单" }).click();
  await page.keyboard.type("龙井");
  await page.keyboard.press("Enter");
  await page.keyboard.type("普洱");
  await page.keyboard.press("Control+Enter");
  await expect(list.getByRole("listitem").filter({ hasText: "买茶" })).toContainText("0/2");
});

test("tasks are listed by what people ask every day, and on the customer's page", async ({ api, open }) => {
  const guest = await api.post("/customers", { kind: "person", name: "欧阳清泉" });
  await api.post("/tasks", { title: "送合同", due_on: day(-1), customer_ids: [guest.id] });
  await api.post("/tasks", { title: "以后再说" });
  const page = await open("/tasks");
  await expect(page.getByRole("button", { name: "完成“送合同”" })).toBeVisible();
  await page.getByText("逾期", { exact: true }).click();
  await expect(page.getByRole("button", { name: "完成“以后再说”" })).toHaveCount(0);
  await page.getByRole("button", { name: "完成“送合同”" }).click();
  await expect(page.getByRole("button", { name: "完成“送合同”" })).toHaveCount(0);
  await page.getByRole("button", { name: "撤销" }).click();
  await expect(page.getByRole("button", { name: "完成“送合同”" })).toBeVisible();

  await page.goto(new URL(`/customers/${guest.id}`, page.url()).href);
  const list = page.getByRole("list", { name: "待办" });
  await expect(list).toContainText("送合同");
  await page.getByRole("button", { name: "新建待办" }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText("欧阳清泉")).toBeVisible();
  await dialog.getByRole("textbox", { name: "事项" }).fill("寄样品");
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(list).toContainText("寄样品");
  await list.getByRole("button", { name: "完成“送合同”" }).click();
  await expect(list.getByRole("button", { name: "重新打开“送合同”" })).toBeVisible();
});

test("a task that somebody gives is told at once, and its notice leads there", async ({
  api,
  server,
  open,
}) => {
  const [department] = (await api.get("/departments")).items;
  const role = (await api.get("/roles")).items.find((one: { key: string }) => one.key === "unit_head");
  const person = { login: "gaozhu", password: "four words in a row" };
  const place = { department_id: department.id, role_ids: [role.id], locale: "zh-CN" };
  await api.post("/users", { name: "高主任", ...place, ...person });
  const head = await server.as(person);
  const page = await open("/products");
  await expect(page.getByRole("button", { name: "通知", exact: true })).toBeVisible();
  await head.post("/tasks", { title: "核对报价", owner_id: api.me.id, due_on: day(1) });
  const bell = page.getByRole("button", { name: "通知，1 条未读" });
  await expect(bell).toBeVisible();
  await expect(page.getByText("高主任 给你分派了待办：核对报价")).toBeVisible();
  await bell.click();
  const panel = page.getByRole("dialog", { name: "通知" });
  await expect(panel.getByRole("listitem")).toHaveCount(1);
  await expectAccessibleInBothSchemes(page);
  await panel.getByRole("button", { name: /核对报价/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("textbox", { name: "事项" })).toHaveValue("核对报价");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "通知", exact: true })).toBeVisible();
});

test("who was here and who travels is seen, and the rule is the company's", async ({ api, open }) => {
  await api.post("/opportunities", { name: "春茶采购", type: "lead" });
  const page = await open("/discipline");
  const people = page.getByRole("table", { name: "人员" });
  const mine = people.getByRole("row").filter({ hasText: api.me.name });
  await expect(mine).toContainText("0 / 1");
  await page.getByRole("button", { name: "登记出差" }).click();
  const dialog = page.getByRole("dialog", { name: "登记出差" });
  await dialog.getByRole("textbox", { name: "从" }).fill(day(0));
  await dialog.getByRole("textbox", { name: "到" }).fill(day(3));
  await dialog.getByRole("textbox", { name: "去哪里、做什么" }).fill("杭州拜访");
  await dialog.getByRole("button", { name: "保存" }).click();
  const journeys = page.getByRole("table", { name: "出差" });
  await expect(journeys).toContainText("杭州拜访");
  await expectAccessibleInBothSchemes(page);
  await journeys.getByRole("button", { name: /删除/ }).click();
  await expect(journeys).toHaveCount(0);
  await page.goto(new URL("/settings/company", page.url()).href);
  await expect(page.getByRole("spinbutton", { name: "线索最长未跟进天数" })).toHaveValue("30");
});
