/** A month's figures of 200 shops for 10 models are pasted from a spreadsheet, mended, saved once, and remembered. */
import type { Page } from "@playwright/test";
import { expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";

const two = (at: number) => String(at).padStart(3, "0");

/** What a spreadsheet puts on the clipboard, given to the sheet that has the focus. */
const paste = (page: Page, text: string) =>
  page.evaluate((pasted) => {
    const data = new DataTransfer();
    data.setData("text/plain", pasted);
    const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
    document.activeElement?.dispatchEvent(event);
  }, text);

test("200 shops by 10 models are pasted, mended and saved once", async ({ open, page, api }) => {
  for (let at = 0; at < 10; at++) {
    await api.post("/products", {
      code: `M${at}`,
      name: `型号 ${at}`,
      price: { amount: "1.00", currency: "CNY" },
    });
  }
  const create = Array.from({ length: 200 }, (_, at) => ({ kind: "organization", name: `${two(at)} 店` }));
  await api.post("/customers/batch", { create });

  await open("/sheets?period=2026-11");
  await expect(page.getByRole("heading", { name: "这一期还没有报数" })).toBeVisible();
  await page.getByRole("button", { name: "添加门店和商品" }).click();
  const add = page.getByRole("dialog", { name: "添加门店和商品" });
  await add.getByRole("textbox", { name: "门店" }).fill("000 店\n没有的店");
  await add.getByRole("textbox", { name: "商品" }).fill("M0");
  await add.getByRole("button", { name: "添加" }).click();
  await expect(add.getByRole("alert")).toContainText("没有“没有的店”");
  await page.keyboard.press("Escape");

  const grid = page.getByRole("grid", { name: /销量/ });
  await grid.focus();
  const header = ["门店", ...Array.from({ length: 10 }, (_, at) => `M${at}`)];
  const rows = Array.from({ length: 200 }, (_, shop) => [
    `${two(shop)} 店`,
    ...Array.from({ length: 10 }, (_, of) => (shop === 0 && of === 1 ? "十二" : String(shop + of))),
  ]);
  await paste(page, [header, ...rows].map((row) => row.join("\t")).join("\r\n"));
  await expect(page.getByRole("button", { name: "保存 2000 格" })).toBeVisible();
  await expect(grid).toHaveAttribute("aria-rowcount", "201");

  // The wrong one is red, and nothing is sent.
  await page.keyboard.press("Control+s");
  await expect(page.getByRole("status").filter({ hasText: "不是有效的数字" })).toBeVisible();
  const wrong = grid.getByRole("gridcell", { name: "十二" });
  await expect(wrong).toHaveAttribute("aria-invalid", "true");
  await expectAccessibleInBothSchemes(page);

  // Mended by the keyboard alone.
  await grid.focus();
  await page.keyboard.type("12");
  await page.keyboard.press("Enter");
  await expect(wrong).toHaveCount(0);
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Delete");
  await page.keyboard.press("Control+z");
  const saved = page.waitForResponse((one) => one.request().method() === "PUT");
  await page.keyboard.press("Control+s");
  expect((await saved).status()).toBe(200);
  await expect(page.getByText("已保存 2000 格")).toBeVisible();
  await expect(page.getByRole("button", { name: "保存", exact: true })).toBeDisabled();

  await page.reload();
  await expect(grid).toHaveAttribute("aria-rowcount", "201");
  await expect(grid.getByRole("row", { name: /000 店/ })).toContainText("12");
  await expect(grid.getByRole("columnheader", { name: /型号 0/ })).toContainText("Σ 19900");

  // One cell is corrected, and tells of it.
  await grid.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("15");
  await page.keyboard.press("Tab");
  await page.getByRole("button", { name: "保存 1 格" }).click();
  await expect(page.getByText("已保存 1 格")).toBeVisible();
  await grid.focus();
  await page.keyboard.press("ArrowLeft");
  await page.getByRole("button", { name: "历史" }).click();
  const history = page.getByRole("dialog", { name: "000 店 · 型号 1 的历史" });
  await expect(history.getByRole("row")).toHaveCount(3);
  await expect(history.getByRole("row").nth(1)).toContainText("1215");
  await page.keyboard.press("Escape");

  // Next month shows what was sold before, and takes a range from the chosen cell on.
  await page.getByRole("button", { name: "下一期" }).click();
  await expect(page.getByText("2026年12月")).toBeVisible();
  await expect(grid.getByRole("row", { name: /000 店/ })).toContainText("15");
  await grid.focus();
  await page.keyboard.press("ArrowRight");
  await paste(page, "1\t2\n3\t4\n");
  await expect(page.getByRole("button", { name: "保存 4 格" })).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("button", { name: "保存", exact: true })).toBeDisabled();
});

test("what somebody else saved meanwhile is asked about", async ({ open, page, api }) => {
  const product = await api.post("/products", {
    code: "R1",
    name: "收音机",
    price: { amount: "1.00", currency: "CNY" },
  });
  const shop = await api.post("/customers", { kind: "organization", name: "两人店" });
  const save = (version: number, text: string) =>
    api.put(
      "/sellout-sheets/2025-03",
      { measure: "sell_out", rows: [{ place_id: shop.id, values: { [product.id]: text } }] },
      version,
    );
  await save(0, "1");
  await open("/sheets?period=2025-03");
  const grid = page.getByRole("grid", { name: /销量/ });
  await grid.focus();
  await page.keyboard.press("ArrowRight");
  await page.keyboard.type("7");
  await page.keyboard.press("Enter");
  await save(1, "9");
  await page.keyboard.press("Control+s");
  const asked = page.getByRole("dialog", { name: "1 格已被他人修改" });
  await expect(asked).toContainText("9.000");
  await asked.getByRole("button", { name: "用我的" }).click();
  await expect(asked).toHaveCount(0);
  await expect(page.getByRole("button", { name: "保存", exact: true })).toBeDisabled();
  await page.reload();
  await expect(grid.getByRole("row", { name: /两人店/ })).toContainText("7");
});

test("on a phone one place is entered at a time", async ({ open, page, api }) => {
  const product = await api.post("/products", {
    code: "PH",
    name: "手机",
    price: { amount: "1.00", currency: "CNY" },
  });
  const shop = await api.post("/customers", { kind: "organization", name: "掌上店" });
  await api.put(
    "/sellout-sheets/2024-05",
    { measure: "sell_out", rows: [{ place_id: shop.id, values: { [product.id]: "8" } }] },
    0,
  );
  await page.setViewportSize({ width: 390, height: 844 });
  await open("/sheets?period=2024-06");
  const field = page.getByRole("textbox", { name: "手机 · PH" });
  await field.fill("x");
  await expect(page.getByText("不是有效的数字")).toBeVisible();
  await field.fill("11");
  await page.getByRole("button", { name: "保存 1 格" }).click();
  await expect(page.getByText("已保存 1 格")).toBeVisible();
  await page.reload();
  await expect(field).toHaveValue("11");
  await expectAccessibleInBothSchemes(page);
});
