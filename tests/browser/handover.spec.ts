/** A leaver's records are given to colleagues and the account ends, in one action. */
import { expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";
import type { Api } from "./server";

async function colleague(api: Api, name: string, login: string) {
  const [department] = (await api.get("/departments")).items;
  const role = (await api.get("/roles")).items.find((one: { key: string }) => one.key === "member");
  const place = { department_id: department.id, role_ids: [role.id], locale: "zh-CN" };
  return api.post("/users", { name, login, password: "four words in a row", ...place });
}

const customer = (api: Api, name: string, owner: { id: string }) =>
  api.post("/customers", { kind: "person", name, status: "customer", owner_id: owner.id });

test("what a leaver holds is shown, handed over, and the account ends", async ({ open, page, api }) => {
  const leaver = await colleague(api, "陈离", "chen");
  const heir = await colleague(api, "方接", "fang");
  const other = await colleague(api, "郑另", "zheng");
  const kept = await customer(api, "留下的客户", leaver);
  await customer(api, "另一位客户", leaver);
  const order = await api.post("/orders", {
    customer_id: kept.id,
    owner_id: leaver.id,
    ordered_on: "2026-01-05",
    status: "confirmed",
    lines: [{ name: "茶", quantity: "1", price: { amount: "30.00", currency: "CNY" } }],
  });

  await open(`/settings/users/${leaver.id}`);
  await page.getByRole("button", { name: "移交…" }).click();
  const dialog = page.getByRole("dialog", { name: "移交 陈离 的工作" });
  const customers = dialog.getByRole("combobox", { name: /客户.*2/ });
  const orders = dialog.getByRole("combobox", { name: /订单.*1/ });
  const end = dialog.getByRole("button", { name: "移交并停用账户" });
  await expect(customers).toBeVisible();
  await expect(end).toBeDisabled();
  await expectAccessibleInBothSchemes(page);

  // The first choice fills the rest of the unit; either can be changed.
  await customers.click();
  await expect(page.getByRole("option", { name: "陈离" })).toHaveCount(0);
  await page.getByRole("option", { name: "方接" }).click();
  await expect(orders).toHaveValue("方接");
  await orders.click();
  await page.getByRole("option", { name: "郑另" }).click();
  await end.click();
  await expect(dialog.getByText("已全部移交。")).toBeVisible();
  await dialog.getByRole("button", { name: "关闭" }).last().click();
  await expect(page.getByText("已停用", { exact: true })).toBeVisible();

  expect((await api.get(`/customers/${kept.id}`)).owner.id).toBe(heir.id);
  expect((await api.get(`/orders/${order.id}`)).owner.id).toBe(other.id);
  await page.getByRole("button", { name: "移交…" }).click();
  await expect(dialog.getByText("此人名下没有任何东西。")).toBeVisible();
});

test("a single kind is taken off somebody who stays", async ({ open, page, api }) => {
  const busy = await colleague(api, "忙人", "mang");
  const helper = await colleague(api, "帮手", "bang");
  const kept = await customer(api, "转手的客户", busy);
  await open(`/settings/users/${busy.id}`);
  await page.getByRole("button", { name: "移交…" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("停用账户").uncheck();
  const go = dialog.getByRole("button", { name: "移交", exact: true });
  await expect(go).toBeDisabled();
  await dialog.getByRole("combobox", { name: /客户.*1/ }).click();
  await page.getByRole("option", { name: "帮手" }).click();
  await go.click();
  await expect(dialog.getByText("已全部移交。")).toBeVisible();
  expect((await api.get(`/customers/${kept.id}`)).owner.id).toBe(helper.id);
  expect((await api.get(`/users/${busy.id}`)).active).toBe(true);
});
