/** A customer whom nobody holds is claimed out of the pool, given back, and handed to somebody. */
import { expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";
import type { Person } from "./server";

test("customers go round by way of the pool", async ({ api, open, page }) => {
  const roles = (await api.get("/roles")).items as { id: string; key: string }[];
  const member = roles.find((one) => one.key === "member");
  const seller: Person = { login: "xiaosun", password: "correct horse battery" };
  const place = { department_id: api.me.department.id, role_ids: [member?.id] };
  await api.post("/users", { name: "孙小小", ...place, ...seller });
  const made = await api.post("/customers", {
    kind: "person",
    name: "等人领",
    phones: [{ number: "13812345678" }],
  });
  await api.patch(`/customers/${made.id}`, made.version, { owner_id: null });

  await open("/pool");
  await page.getByRole("button", { name: "设置公海池" }).click();
  const rules = page.getByRole("dialog", { name: "设置公海池" });
  await rules.getByRole("textbox", { name: "名称" }).fill("门店公海");
  await rules.getByRole("textbox", { name: "每日领取上限" }).fill("2");
  await rules.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "门店公海" })).toBeVisible();
  await expect(page.getByText("0 / 2")).toBeVisible();
  await expectAccessibleInBothSchemes(page);

  await page.context().clearCookies();
  await open("/pool", seller);
  await expect(page.getByText("138****5678")).toBeVisible();
  await page.getByRole("button", { name: "领取等人领" }).click();
  await expect(page.getByText("等人领现在由您负责")).toBeVisible();
  await expect(page.getByText("1 / 2")).toBeVisible();
  await expect(page.getByText("公海池是空的")).toBeVisible();
  await page.goto(new URL(`/customers/${made.id}`, page.url()).href);
  await expect(page.getByText("138 1234 5678").first()).toBeVisible();
  await page.getByRole("button", { name: "退回公海" }).click();
  const back = page.getByRole("dialog", { name: "退回等人领？" });
  await back.getByRole("textbox", { name: "原因（可不填）" }).fill("联系不上");
  await back.getByRole("button", { name: "退回公海" }).click();
  await expect(page.getByText("等人领已退回公海")).toBeVisible();

  await page.context().clearCookies();
  await open("/pool");
  await page.getByRole("button", { name: "流转记录" }).click();
  const moves = page.getByRole("dialog", { name: "流转记录" });
  await expect(moves.getByRole("row", { name: /退回.*联系不上/ })).toBeVisible();
  await expect(moves.getByRole("row", { name: /领取/ })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.getByRole("checkbox", { name: /等人领/ }).check();
  await page.getByRole("button", { name: "分配", exact: true }).click();
  const hand = page.getByRole("dialog", { name: "分配 1 位客户" });
  await hand.getByRole("combobox", { name: "分配给" }).fill("孙小");
  await page.getByRole("option", { name: /孙小小/ }).click();
  await hand.getByRole("button", { name: "分配" }).click();
  await expect(page.getByText("已分配 1 位客户")).toBeVisible();
  expect((await api.get(`/customers/${made.id}`)).owner.name).toBe("孙小小");
});
