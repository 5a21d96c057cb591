/** A lead comes in, is qualified, goes along the board by mouse and by keyboard, and is won. */
import { expect, test } from "./fixtures";

test("a lead is qualified, moved by mouse and keyboard, and won", async ({ page, open }) => {
  await open("/sales");
  await page.getByRole("button", { name: "新建线索或商机" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel("名称").fill("两百台笔记本");
  await dialog.getByLabel("公司").fill("旭日贸易");
  await dialog.getByLabel("电话").fill("13800138000");
  await dialog.getByLabel("金额").fill("120000");
  await dialog.getByRole("button", { name: "保存" }).click();
  await expect(dialog).toBeHidden();
  const column = (name: string) => page.getByRole("region", { name, exact: true });
  await expect(column("新线索").getByRole("link", { name: "两百台笔记本" })).toBeVisible();
  await expect(column("新线索")).toContainText("12");

  await column("新线索").getByRole("link", { name: "两百台笔记本" }).click();
  await page.getByRole("button", { name: "转为商机" }).click();
  await expect(page.getByRole("dialog").getByLabel("客户名称")).toHaveValue("旭日贸易");
  await page.getByRole("dialog").getByRole("button", { name: "转为商机" }).click();
  await expect(page.getByRole("link", { name: "旭日贸易" })).toBeVisible();

  await open("/sales");
  const card = page.getByRole("link", { name: "两百台笔记本" });
  await card.dragTo(column("确认需求"));
  await expect(column("确认需求").getByRole("link", { name: "两百台笔记本" })).toBeVisible();

  await card.focus();
  await page.keyboard.press("Alt+ArrowRight");
  const asks = page.getByRole("dialog");
  await expect(asks).toContainText("方案报价");
  await asks.getByLabel("预计成交").fill("2030-06-30");
  await asks.getByRole("button", { name: "移动" }).click();
  await expect(column("方案报价").getByRole("link", { name: "两百台笔记本" })).toBeVisible();

  await page.getByRole("button", { name: "移动“两百台笔记本”" }).click();
  await page.getByRole("menuitem", { name: "赢单" }).click();
  await page.getByRole("dialog").getByLabel("赢单原因").click();
  await page.getByRole("option", { name: "服务好" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "移动" }).click();
  await expect(column("赢单").getByRole("link", { name: "两百台笔记本" })).toBeVisible();

  await open("/sales/figures");
  await expect(page.getByText("100%").first()).toBeVisible();
});
