/** Files at a customer: dropped or chosen, seen small, renamed, taken away and back. */
import { Buffer } from "node:buffer";
import { expect, test } from "./fixtures";

const PICTURE = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAEUlEQVR4nGM4YaOBFTEMLQkAdntLARs7+acAAAAASUVORK5CYII=",
  "base64",
);

test("files come, show and go @smoke @phone", async ({ api, open, english }, { project }) => {
  const name = `青禾 ${project.name}`;
  const customer = await api.post("/customers", { kind: "organization", name });
  const page = await open(`/customers/${customer.id}`);
  const add = page.locator("input[type=file]");
  await add.setInputFiles([
    { name: "门面.jpg", mimeType: "image/jpeg", buffer: PICTURE },
    { name: "合同.pdf", mimeType: "application/pdf", buffer: Buffer.from("%PDF-1.7\n") },
  ]);
  // What the file is counts, not what it was called.
  const face = (file: string) =>
    page.getByRole("button", { name: english ? `Download ${file}` : `下载 ${file}` });
  const download = face("门面.png");
  await expect(download.locator("img")).toBeVisible();
  await expect(face("合同.pdf")).toBeVisible();
  const [saved] = await Promise.all([page.waitForEvent("download"), download.click()]);
  expect(saved.suggestedFilename()).toBe("门面.png");

  const menu = (file: string) =>
    page.getByRole("button", { name: english ? `Actions for ${file}` : `${file} 的操作` });
  await menu("合同.pdf").click();
  await page.getByRole("menuitem", { name: english ? "Rename" : "重命名" }).click();
  const field = page.getByRole("textbox", { name: english ? "New name of 合同.pdf" : "合同.pdf 的新名称" });
  await field.fill("采购合同");
  await field.press("Enter");
  await menu("采购合同.pdf").click();
  await page.getByRole("menuitem", { name: english ? "Delete" : "删除" }).click();
  await expect(face("采购合同.pdf")).toHaveCount(0);
  await page.getByRole("button", { name: english ? "Undo" : "撤销" }).click();
  await expect(face("采购合同.pdf")).toBeVisible();
});
