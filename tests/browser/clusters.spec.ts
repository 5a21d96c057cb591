/** Customers who behave alike are found, named and kept as a list. */
import { expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";
import type { Api } from "./server";

/** `YYYY-MM-DD` so many days ago, in the company's zone. */
const ago = (days: number) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai" }).format(
    new Date(Date.now() - days * 86_400_000),
  );

/** Three who come every ten days, two who came once long ago with much. */
async function twoKinds(api: Api) {
  const sold = async (name: string, days: number[], amount: string) => {
    const customer = await api.post("/customers", { kind: "person", name, status: "customer" });
    for (const day of days) {
      const lines = [{ name: "茶", quantity: "1", price: { amount, currency: "CNY" } }];
      await api.post("/orders", {
        customer_id: customer.id,
        ordered_on: ago(day),
        status: "confirmed",
        lines,
      });
    }
  };
  for (const name of ["常来甲", "常来乙", "常来丙"]) await sold(name, [2, 12, 22], "30.00");
  for (const name of ["稀客甲", "稀客乙"]) await sold(name, [400], "900.00");
}

test("groups are found, named and kept as a list", async ({ open, page, api }) => {
  await twoKinds(api);
  await open("/insight/clusters");
  await expect(page.getByText("还没有分组")).toBeVisible();
  await page.getByRole("button", { name: "开始分组" }).click();
  const dialog = page.getByRole("dialog", { name: "开始分组" });
  await dialog.getByRole("textbox", { name: "名称" }).fill("来得勤不勤");
  await dialog.getByRole("button", { name: "开始分组" }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("各组区分非常清楚。")).toBeVisible();
  const first = page.locator("section").filter({ has: page.getByRole("heading", { name: "第 1 组" }) });
  await expect(first).toContainText("最近买过");
  await expect(first).toContainText("3 · 60%");
  await first.getByRole("textbox", { name: "分组名称" }).fill("常客");
  await first.getByRole("button", { name: "存为分群" }).click();
  const named = page.locator("section").filter({ has: page.getByRole("heading", { name: "常客" }) });
  await expect(named.getByRole("link", { name: "打开分群" })).toBeVisible();
  await expectAccessibleInBothSchemes(page);
  await named.getByRole("link", { name: "打开分群" }).click();
  await expect(page.getByRole("heading", { level: 1, name: "常客" })).toBeVisible();
  await expect(page.getByText("常来甲")).toBeVisible();
  await expect(page.getByText("常来丙")).toBeVisible();
  await expect(page.getByText("稀客甲")).toHaveCount(0);
});
