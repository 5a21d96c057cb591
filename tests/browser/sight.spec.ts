/** What people see of one another's customers: masked fields, and customers shared with them. */
import { expectAccessible, expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";
import type { Api, Person } from "./server";

const READING = ["customers:customer:read", "customers:customer:write", "platform:export:run"];

/** A colleague of the administrator's department with one role. */
async function colleague(api: Api, login: string, role: string): Promise<Person> {
  const person = { login, password: "correct horse battery" };
  await api.post("/users", { name: login, department_id: api.me.department.id, role_ids: [role], ...person });
  return person;
}

test("a role masks a phone, and who has it sees why @smoke", async ({ api, open, page, english }) => {
  const say = (zh: string, en: string) => (english ? en : zh);
  const name = say("电话专员", "Phone clerk");
  const scopes = { customer: "unit" };
  const role = await api.post("/roles", { name, permissions: READING, scopes });
  const phones = [{ number: "13812348888" }];
  const customer = await api.post("/customers", {
    kind: "person",
    name: "郭一鸣",
    phones,
    birthday: "1985-06-08",
  });

  await open(`/settings/roles/${role.id}`);
  await page.getByRole("checkbox", { name: say("电话", "Phone") }).check();
  await page.getByRole("checkbox", { name: say("生日与其他日子", "Birthday and dates of life") }).check();
  await expectAccessibleInBothSchemes(page);
  await page.getByRole("button", { name: say("保存", "Save") }).click();
  await expect.poll(async () => (await api.get(`/roles/${role.id}`)).masks).toEqual(["birthday", "phone"]);

  const clerk = await colleague(api, english ? "clerk-en" : "clerk-zh", role.id);
  await open(`/customers/${customer.id}`, clerk);
  const seen = page.getByText("138****8888", { exact: true }).first();
  await expect(seen).toBeVisible();
  await expect(page.getByRole("button", { name: new RegExp(say("编辑 电话", "Edit Phone")) })).toHaveCount(0);
  await seen.hover();
  await expect(page.getByRole("tooltip")).toContainText(say("看不到完整内容", "does not show this in full"));
  await page.mouse.move(0, 0);
  await expect(page.getByRole("tooltip")).toHaveCount(0);
  await expectAccessible(page);

  await page.getByRole("button", { name: say("编辑", "Edit"), exact: true }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: say("姓名", "Name") }).fill("郭一鸣明");
  await expect(form.getByText(say("对您屏蔽的字段不在此列出", "masked for you are left out"))).toBeVisible();
  await form.getByRole("button", { name: say("保存", "Save"), exact: true }).click();
  await expect(page.getByRole("heading", { name: "郭一鸣明" })).toBeVisible();
  const now = await api.get(`/customers/${customer.id}`);
  expect(now.phones[0].number).toBe("+8613812348888");
  expect(now.birthday).toBe("1985-06-08");

  await page.goto(new URL("/customers", page.url()).href);
  await expect(page.getByText("138****8888").first()).toBeVisible();
});

test("a customer is shared with a colleague, who is told why they see it, and taken back", async ({
  api,
  open,
  page,
}) => {
  const roles = (await api.get("/roles")).items as { key: string; id: string }[];
  const member = roles.find((one) => one.key === "member")?.id ?? "";
  const person = await colleague(api, "share-taker", member);
  const customer = await api.post("/customers", { kind: "person", name: "共享给同事的客户" });

  await open(`/customers/${customer.id}`);
  await page.getByRole("button", { name: "共享", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "共享“共享给同事的客户”" });
  await dialog.getByRole("combobox", { name: "同事" }).fill("share-taker");
  await page.getByRole("option", { name: "share-taker" }).click();
  await dialog.getByRole("switch", { name: "也可以修改" }).check();
  await expectAccessibleInBothSchemes(page);
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("可修改 · 由 沈小满 共享")).toBeVisible();
  const shares = await api.get(`/customers/${customer.id}/shares`);
  expect(shares.items[0].user.name).toBe("share-taker");

  await page.context().clearCookies();
  await open("/customers", person);
  await page.getByRole("link", { name: "共享给同事的客户" }).click();
  await page.getByRole("button", { name: "为什么我能看到这位客户？" }).click();
  await expect(page.getByText("沈小满共享给您（可修改）")).toBeVisible();
  await expect(page.getByRole("button", { name: "共享", exact: true })).toHaveCount(0);
  await expectAccessible(page);

  await page.context().clearCookies();
  await open(`/customers/${customer.id}`);
  await page.getByRole("button", { name: "结束对 share-taker 的共享" }).click();
  await expect(page.getByText("没有共享给其他人")).toBeVisible();
});
