/** Signing in with a second step: switched on with the square, asked for at the door, taken away by an administrator. */
import { createHmac } from "node:crypto";
import type { Page } from "@playwright/test";
import { expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";
import type { Api, Person } from "./server";

const LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const STEP_MS = 30_000;

/** The code an authenticator app would show so many steps from now. */
function codeOf(secret: string, ahead = 0): string {
  const bits = [...secret].map((one) => LETTERS.indexOf(one).toString(2).padStart(5, "0")).join("");
  const key = Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => Number.parseInt(byte, 2)));
  const step = Buffer.alloc(8);
  step.writeBigUInt64BE(BigInt(Math.floor(Date.now() / STEP_MS) + ahead));
  const hash = createHmac("sha1", key).update(step).digest();
  const at = (hash[19] ?? 0) & 15;
  return String((hash.readUInt32BE(at) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

async function colleague(api: Api, login: string): Promise<{ person: Person; id: string }> {
  const roles = (await api.get("/roles")).items as { key: string; id: string }[];
  const member = roles.find((one) => one.key === "member")?.id;
  const person = { login, password: "correct horse battery" };
  const body = { name: login, department_id: api.me.department.id, role_ids: [member], ...person };
  return { person, id: (await api.post("/users", body)).id };
}

/** Fills the sign-in page in, up to the second step. */
async function knock(page: Page, base: string, person: Person) {
  await page.context().clearCookies();
  await page.goto(`${base}/sign-in`);
  await page.getByLabel("账号").fill(person.login);
  await page.getByRole("textbox", { name: "密码" }).fill(person.password);
  await page.getByRole("button", { name: "登录" }).click();
}

test("two steps are switched on, asked for, and taken away", async ({ api, open, page, server }) => {
  const { person, id } = await colleague(api, "two-steps");
  await open("/profile", person);
  await page.getByRole("button", { name: "开启", exact: true }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "现在的密码" }).fill(person.password);
  await dialog.getByRole("button", { name: "继续" }).click();
  await expect(dialog.getByRole("img", { name: "身份验证器二维码" })).toBeVisible();
  await expectAccessibleInBothSchemes(page);
  const shown = await dialog.getByText("请手动输入密钥").innerText();
  const secret = (shown.match(/[A-Z2-7]{4}/g) ?? []).join("");
  await dialog.getByRole("textbox", { name: "验证码" }).fill("000000");
  await dialog.getByRole("button", { name: "确认" }).click();
  await expect(dialog.getByText("验证码不正确或已用过")).toBeVisible();
  await dialog.getByRole("textbox", { name: "验证码" }).fill(codeOf(secret));
  await dialog.getByRole("button", { name: "确认" }).click();
  const codes = dialog.getByRole("list", { name: "恢复码" }).getByRole("listitem");
  await expect(codes).toHaveCount(10);
  const recovery = await codes.first().innerText();
  await expectAccessibleInBothSchemes(page);
  await dialog.getByRole("button", { name: "我已保存" }).click();
  await expect(page.getByText("还有 10 个恢复码")).toBeVisible();

  await knock(page, server.base, person);
  await expect(page.getByRole("textbox", { name: "验证码" })).toBeVisible();
  await expectAccessibleInBothSchemes(page);
  await page.getByRole("textbox", { name: "验证码" }).fill("000000");
  await page.getByRole("button", { name: "验证并登录" }).click();
  await expect(page.getByRole("alert")).toContainText("验证码不正确");
  await page.getByRole("textbox", { name: "验证码" }).fill(codeOf(secret, 1));
  await page.getByRole("button", { name: "验证并登录" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("two-steps");

  await knock(page, server.base, person);
  await page.getByRole("textbox", { name: "验证码" }).fill(recovery);
  await page.getByRole("button", { name: "验证并登录" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toContainText("two-steps");

  await page.context().clearCookies();
  await open(`/settings/users/${id}`);
  await page.getByRole("button", { name: "取消", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: "取消", exact: true }).last().click();
  await expect(page.getByText("two-steps 现在仅凭密码登录")).toBeVisible();
  await knock(page, server.base, person);
  await expect(page.getByRole("heading", { level: 1 })).toContainText("two-steps");
});

test("whoever must have a second step is led to it and reaches nothing before", async ({
  api,
  open,
  page,
}) => {
  const { person } = await colleague(api, "must-have");
  const roles = (await api.get("/roles")).items as { key: string; id: string }[];
  const settings = await api.get("/settings");
  const rule = (ids: (string | undefined)[]) => ({
    settings: { second_factor: { everybody: false, roles: ids } },
  });
  const asked = await api.patch(
    "/settings",
    settings.version,
    rule([roles.find((one) => one.key === "member")?.id]),
  );
  try {
    await open("/customers", person);
    await expect(page.getByText("公司要求使用两步验证")).toBeVisible();
    await expect(page).toHaveURL(/\/profile/);
    await expectAccessibleInBothSchemes(page);
  } finally {
    await api.patch("/settings", asked.version, rule([]));
  }
});
