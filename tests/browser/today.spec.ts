import { expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";

/** `YYYY-MM-DD` so many days from now, in the company's zone. */
function day(offset: number): string {
  const then = new Date(Date.now() + offset * 86_400_000);
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(then);
}

test("an empty company is shown its first steps, then the morning brief @smoke", async ({
  open,
  page,
  api,
  english,
}) => {
  await open("/");
  await expect(page.getByRole("heading", { name: english ? "Start here" : "从这里开始" })).toBeVisible();
  await expectAccessibleInBothSchemes(page);

  const tomorrow = day(1);
  const customer = await api.post("/customers", {
    kind: "person",
    name: "王秀兰",
    status: "customer",
    phones: [{ number: "13800001234", primary: true }],
    dates: [{ kind: "birthday", date: `1960${tomorrow.slice(4)}`, yearly: true }],
  });
  await api.post("/orders", {
    customer_id: customer.id,
    status: "confirmed",
    ordered_on: day(-1),
    lines: [{ name: "龙井", quantity: "2", price: { amount: "680.00", currency: "CNY" } }],
  });
  await page.reload();
  const figures = page.getByRole("main").locator("dl").first();
  await expect(figures).toContainText(english ? "¥1,360" : "¥1,360");
  const dates = page.locator("section").filter({ hasText: english ? "Dates coming up" : "近期的日子" });
  await expect(dates.getByRole("link", { name: "王秀兰" })).toBeVisible();
  await expect(dates).toContainText(english ? "Birthday" : "生日");
  await expectAccessibleInBothSchemes(page);
});

test("the palette finds a customer by pinyin, initials and phone, and opens the card", async ({
  open,
  page,
  api,
}) => {
  const customer = await api.post("/customers", {
    kind: "person",
    name: "欧阳清泉",
    status: "customer",
    phones: [{ number: "13911112222", primary: true }],
  });
  await open("/profile");
  for (const typed of ["欧阳", "ouyangqing", "oyqq", "2222"]) {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox").fill(typed);
    await expect(page.getByRole("option", { name: /欧阳清泉/ }), typed).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox").fill("ouyang");
  await expect(page.getByRole("option", { name: /欧阳清泉/ })).toHaveAttribute("aria-selected", "true");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(new RegExp(`/customers/${customer.id}`));
});

test("a dialog gives the focus back to what opened it", async ({ open, page }) => {
  await open("/settings/tags");
  const opener = page.getByRole("button", { name: "新建标签" }).first();
  await opener.click();
  await expect(page.getByRole("dialog").getByLabel("名称")).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(opener).toBeFocused();
});
