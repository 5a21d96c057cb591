/**
 * The way a new company goes: its customers and orders come in from files, someone is found by pinyin, the card opens,
 * a group is made and exported. The orders are the CDNOW sample; the names are made up.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "./fixtures";

const SURNAMES = ["赵", "钱", "孙", "李", "周", "吴", "郑", "王", "冯", "陈"];
const GIVEN = ["伟", "芳", "娜", "敏", "静", "丽", "强", "磊", "军", "洋"];
const name = (n: number) =>
  `${SURNAMES[n % 10]}${GIVEN[Math.floor(n / 10) % 10]}${GIVEN[Math.floor(n / 100) % 10]}`;

function sample() {
  const text = readFileSync(new URL("../oracles/CDNOW_sample.txt", import.meta.url), "utf8");
  const rows = text
    .trim()
    .split(/\r?\n/)
    .map((line) => line.trim().split(/\s+/));
  const ids = [...new Set(rows.map((row) => row[1] ?? ""))];
  const customers = ["编号,姓名", ...ids.map((id) => `CD-${id},${name(Number(id))}`)].join("\n");
  const orders = rows.map(
    ([, id, day = "", , amount]) =>
      `CD-${id},${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)},${amount}`,
  );
  return { ids, customers, orders: ["客户编号,下单日期,金额", ...orders].join("\n") };
}

test("from files to a group: import, find by pinyin, card, segment, export", async ({ open }) => {
  test.setTimeout(240_000);
  const { ids, customers, orders } = sample();
  const page = await open("/imports/new");

  const bring = async (file: string, text: string, rows: number) => {
    await page
      .locator("input[type=file]")
      .setInputFiles({ name: file, mimeType: "text/csv", buffer: Buffer.from(text) });
    await page.getByRole("button", { name: "检查", exact: true }).click();
    await page.getByRole("button", { name: /^导入 [\d,]+ 行$/ }).click({ timeout: 90_000 });
    await expect(page.getByText(`导入完成，写入 ${rows} 行。`)).toBeVisible({ timeout: 90_000 });
  };
  await bring("customers.csv", customers, ids.length);
  await page.goto(new URL("/imports/new?resource=orders", page.url()).href);
  await bring("orders.csv", orders, 6_919);

  await page.goto(new URL("/customers", page.url()).href);
  await page.getByPlaceholder("搜索", { exact: true }).fill("qianwei");
  const found = page.getByRole("link", { name: "钱伟伟" }).first();
  await expect(found).toBeVisible();
  await found.click();
  await expect(page.getByRole("heading", { level: 1, name: "钱伟伟" })).toBeVisible();
  await expect(page.getByText("最近订单")).toBeVisible();

  const filter = JSON.stringify({ all: [{ field: "metrics.orders", op: "gte", value: 10 }] });
  await page.goto(new URL(`/segments/new?filter=${encodeURIComponent(filter)}`, page.url()).href);
  await expect(page.getByText(/^\d+ 位客户$/)).toBeVisible();
  await page.getByLabel("名称").fill("常客");
  await page.getByRole("button", { name: "保存" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "常客" })).toBeVisible();

  await page.getByRole("button", { name: "导出" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(/CSV/).check();
  await dialog.getByRole("button", { name: "导出" }).click();
  const download = page.waitForEvent("download", { timeout: 60_000 });
  await dialog.getByRole("button", { name: "下载" }).click();
  const text = readFileSync(await (await download).path(), "utf8");
  expect(text).toContain("CD-");
});
