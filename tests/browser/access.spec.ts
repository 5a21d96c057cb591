import { test as base, expect } from "@playwright/test";
import { expectAccessible, expectAccessibleInBothSchemes } from "./accessible";
import { test } from "./fixtures";
import { ADMIN, ADMIN_NAME, COMPANY, Server } from "./server";

base("the printed link sets the company up and leads inside", async ({ page }) => {
  const server = await Server.start();
  try {
    await page.goto(server.setupLink);
    await page.getByLabel("公司名称").fill(COMPANY);
    await page.getByLabel("第一个业务单位").fill("华东零售");
    await page.getByLabel("姓名").fill(ADMIN_NAME);
    await page.getByLabel("账号").fill(ADMIN.login);
    await page.getByRole("textbox", { name: "密码" }).fill("short");
    await page.getByRole("button", { name: "创建并进入" }).click();
    await expect(page.getByText("至少 10 个字符", { exact: true })).toBeVisible();
    await expectAccessibleInBothSchemes(page);
    await page.getByRole("textbox", { name: "密码" }).fill(ADMIN.password);
    await page.getByRole("button", { name: "创建并进入" }).click();
    await expect(page.getByRole("heading", { level: 1 })).toContainText(ADMIN_NAME);
    await expect(page.getByText(COMPANY).first()).toBeVisible();

    await page.goto(server.setupLink);
    await expect(page.getByRole("heading", { name: "已经设置好了" })).toBeVisible();
  } finally {
    await server.stop();
  }
});

test("signing in, coming back, signing out @phone", async ({ page, server }) => {
  await page.goto(`${server.base}/settings/jobs`);
  await expect(page.getByRole("heading", { name: "登录" })).toBeVisible();
  await expectAccessibleInBothSchemes(page);

  await page.getByLabel("账号").fill(ADMIN.login);
  await page.getByRole("textbox", { name: "密码" }).fill("not the password");
  await page.getByRole("button", { name: "登录" }).click();
  await expect(page.getByRole("alert")).toBeVisible();
  await expect(page.getByLabel("账号")).toHaveValue(ADMIN.login);

  await page.getByRole("textbox", { name: "密码" }).fill(ADMIN.password);
  await page.getByRole("button", { name: "登录" }).click();
  // Straight to where the person wanted to go.
  await expect(page.getByRole("heading", { name: "后台任务" })).toBeVisible();

  await page.reload();
  await expect(page.getByRole("heading", { name: "后台任务" })).toBeVisible();

  await page.getByRole("button", { name: /账户/ }).filter({ visible: true }).click();
  await page.getByRole("menuitem", { name: "退出登录" }).click();
  await expect(page.getByRole("heading", { name: "登录" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "登录" })).toBeVisible();
});

test("language and theme follow the account", async ({ open, page }) => {
  await open("/profile");
  await page.getByText("深色", { exact: true }).click();
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await page.getByText("English", { exact: true }).click();
  await expect(page.getByRole("heading", { name: "Profile and preferences" })).toBeVisible();
  await expectAccessible(page);

  await page.reload();
  await expect(page.getByRole("heading", { name: "Profile and preferences" })).toBeVisible();
  await expect(page.locator("html")).toHaveAttribute("data-mantine-color-scheme", "dark");
  await expect(page.locator("html")).toHaveAttribute("lang", "en");

  await page.getByText("System", { exact: true }).click();
  await page.getByText("简体中文", { exact: true }).click();
  await expect(page.getByRole("heading", { name: "个人资料与偏好" })).toBeVisible();
});

test("the palette goes anywhere by keyboard, and Escape gives the page back", async ({ open, page }) => {
  await open("/profile");
  await page.keyboard.press("Control+k");
  const search = page.getByRole("combobox", { name: /姓名、拼音/ });
  await expect(search).toBeFocused();
  await expectAccessibleInBothSchemes(page);
  await search.fill("今日");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/$/);

  await page.keyboard.press("g");
  await page.keyboard.press(",");
  await expect(page).toHaveURL(/\/settings\//);

  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "键盘快捷键" })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
});
