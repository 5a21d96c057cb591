/** A form is made, put on the web, filled in by somebody who is not signed in, and is a lead. */
import { expectAccessible } from "./accessible";
import { expect, test } from "./fixtures";

test("a form on the web makes a lead", async ({ page, open, browser }) => {
  await open("/settings/lead-forms");
  await page.getByRole("button", { name: "新建表单" }).first().click();
  const panel = page.getByRole("dialog");
  await panel.getByLabel("名称").fill("春季展会");
  await panel.getByLabel("标题").fill("预约试用");
  await panel.getByLabel("“留言”的问法").fill("想了解什么？");
  await panel.getByLabel("再问一项……").click();
  await page.getByRole("option", { name: "公司" }).click();
  await panel.getByLabel("勾选框旁的文字").fill("可以给我打电话介绍优惠");
  await panel.getByLabel("同意的内容").click();
  await page.getByRole("option", { name: /电话/ }).first().click();
  await page.keyboard.press("Escape");
  await expectAccessible(page);
  await panel.getByRole("button", { name: "保存" }).click();
  await expect(panel).toBeHidden();

  await page.getByRole("button", { name: "把“春季展会”放到网页" }).click();
  await expect(page.getByRole("dialog").getByLabel("复制到网页的 HTML")).toHaveValue(/想了解什么/);
  const address = await page.getByRole("dialog").getByLabel("独立页面").inputValue();

  const visitor = await browser.newPage({ locale: "zh-CN" });
  await visitor.clock.install();
  await visitor.goto(address);
  await expectAccessible(visitor);
  const phone = visitor.getByRole("textbox", { name: "电话 *" });
  const send = async (number: string) => {
    await phone.fill(number);
    // Nobody fills it in at once.
    await visitor.clock.fastForward(10_000);
    await visitor.getByRole("button", { name: "提交" }).click();
  };
  await visitor.getByRole("textbox", { name: "姓名 *" }).fill("周晴");
  await visitor.getByLabel("可以给我打电话介绍优惠").check();
  await send("12");
  await expect(visitor.getByRole("alert")).toBeVisible();
  await expect(visitor.getByRole("textbox", { name: "姓名 *" })).toHaveValue("周晴");
  await send("13800138000");
  await expect(visitor.getByRole("status")).toContainText("谢谢");
  await visitor.close();

  await open("/sales");
  await page.getByRole("link", { name: "周晴 · 预约试用" }).click();
  await expect(page.getByRole("heading", { name: "来历" })).toBeVisible();
  await expect(page.getByText("同意：可以给我打电话介绍优惠")).toBeVisible();
});
