/** What is known of a customer's addresses, and fields that are required because of others. */
import { expectAccessible, expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";

test("a number nobody answers is marked, and another is found good", async ({ page, open, api }) => {
  const customer = await api.post("/customers", {
    kind: "person",
    name: "李娜",
    phones: [{ number: "13800138000" }, { number: "13900139000" }],
    emails: [{ address: "li.na@example.com" }],
  });
  await open(`/customers/${customer.id}`);
  const first = page.getByRole("button", { name: /138 0013 8000：/ });
  await expect(first).toHaveText("未核实");
  await first.click();
  await page.getByRole("menuitem", { name: "空号或停机" }).click();
  await expect(first).toHaveText("已失效");
  await expect(page.getByText(/^空号或停机 · /)).toBeVisible();
  const second = page.getByRole("button", { name: /139 0013 9000：/ });
  await second.click();
  await page.getByRole("menuitem", { name: "标为已核实" }).click();
  await expect(second).toHaveText("已核实");
  await expectAccessibleInBothSchemes(page);

  await second.click();
  await page.getByRole("menuitem", { name: "空号或停机" }).click();
  await expect(second).toHaveText("已失效");
  await expect(page.getByRole("button", { name: /电话: 联系方式都已失效/ }).first()).toBeVisible();
  await second.click();
  await page.getByRole("menuitem", { name: "取消标记" }).click();
  await expect(second).toHaveText("未核实");
});

test("a field is required while another says so", async ({ page, open, api }) => {
  await api.post("/custom-fields", {
    resource: "customer",
    key: "contract",
    label_zh: "合同号",
    label_en: "Contract",
    type: "text",
  });
  await open("/settings/fields");
  await page.getByRole("button", { name: "合同号" }).click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("combobox", { name: "满足条件时必填" }).click();
  await page.getByRole("option", { name: "状态" }).click();
  await panel.getByRole("combobox", { name: "取以下值之一" }).click();
  await page.getByRole("option", { name: "客户", exact: true }).click();
  await page.keyboard.press("Escape");
  await expectAccessible(page, undefined, true);
  await panel.getByRole("button", { name: "保存" }).click();
  await expect(panel).toBeHidden();
  await expect(page.getByText("有条件必填")).toBeVisible();

  const lead = await api.post("/customers", { kind: "person", name: "王芳", status: "lead" });
  await open(`/customers/${lead.id}`);
  await page.getByRole("button", { name: "编辑全部" }).click();
  const contract = panel.getByLabel("合同号");
  await expect(contract).not.toHaveAttribute("required");
  await panel.getByRole("combobox", { name: "状态" }).click();
  await page.getByRole("option", { name: "客户", exact: true }).click();
  await expect(contract).toHaveAttribute("required");
});
