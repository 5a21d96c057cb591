/** Records that may be one customer: shown while typing, worked through by keyboard, merged and taken back. */
import { expect, test } from "./fixtures";
import type { Api } from "./server";

const person = (api: Api, name: string, phone: string, more = {}) =>
  api.post("/customers", { kind: "person", name, phones: [{ number: phone, primary: true }], ...more });

const waiting = (api: Api, count: number) =>
  expect.poll(async () => (await api.get("/duplicates")).items.length, { timeout: 20_000 }).toBe(count);

test("pairs are worked through by keyboard, and each step can be taken back", async ({ open, page, api }) => {
  const kept = await person(api, "沈一鸣", "13911110001", { gender: "male" });
  const gone = await person(api, "沈一明", "13911110001", { birthday: "1990-05-06", note: "爱喝白茶" });
  await person(api, "顾晓", "13911110002");
  await person(api, "顾小", "13911110002");
  await waiting(api, 2);

  await open(`/customers/${kept.id}`);
  await page.getByRole("link", { name: "1 个疑似重复" }).click();
  const pair = page.getByRole("region", { name: "沈一鸣与沈一明" });
  await expect(pair).toBeVisible();
  await expect(pair.getByText("电话相同")).toBeVisible();
  const name = pair.getByRole("row", { name: /姓名/ });
  await expect(name.getByRole("button", { name: "沈一鸣" })).toHaveAttribute("aria-pressed", "true");
  await page.keyboard.press("ArrowRight");
  await expect(name.getByRole("button", { name: "沈一明" })).toHaveAttribute("aria-pressed", "true");
  await expect(name.getByRole("button", { name: "沈一鸣" })).toHaveAttribute("aria-pressed", "false");
  await page.keyboard.press("Enter");
  await expect(page.getByText("全部处理完毕")).toBeVisible();
  const merged = await api.get(`/customers/${kept.id}`);
  expect([merged.name, merged.gender, merged.birthday, merged.note]).toEqual(["沈一明", "male", "1990-05-06", "爱喝白茶"]);

  await page.keyboard.press("z");
  await expect(pair).toBeVisible();
  expect((await api.get(`/customers/${kept.id}`)).name).toBe("沈一鸣");
  expect((await api.get(`/customers/${gone.id}`)).name).toBe("沈一明");

  await page.getByRole("button", { name: "显示全部" }).click();
  await expect(page.getByText(/剩余 2 对/)).toBeVisible();
  await page.keyboard.press("n");
  await expect(page.getByText(/剩余 1 对 · 已处理 1 对/)).toBeVisible();
  await page.keyboard.press("z");
  await expect(page.getByText(/剩余 2 对 · 已处理 0 对/)).toBeVisible();
  expect((await api.get("/duplicates")).items).toHaveLength(2);
});

test("who is being typed is shown, and a link to a merged record leads on", async ({ open, page, api }) => {
  const kept = await person(api, "容若溪", "13922220001");
  await open("/customers");
  await page.getByRole("button", { name: "新建客户" }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: /姓名/ }).fill("容若西");
  await form.getByRole("textbox", { name: "第 1 个电话", exact: true }).fill("139 2222 0001");
  await expect(form.getByText("该客户已存在")).toBeVisible();
  await expect(form.getByRole("link", { name: "容若溪" })).toBeVisible();
  await form.getByRole("button", { name: "保存", exact: true }).click();
  await expect(page.getByRole("heading", { level: 1, name: "容若西" })).toBeVisible();
  const gone = new URL(page.url()).pathname.split("/").at(-1) ?? "";
  await api.post(`/customers/${kept.id}/merges`, { other_id: gone, version: 1, other_version: 1 });
  await page.goto(new URL(`/customers/${gone}`, page.url()).href);
  await expect(page.getByRole("heading", { level: 1, name: "容若溪" })).toBeVisible();
  await page.getByRole("button", { name: "撤销合并" }).click();
  await expect(page.getByText("已撤销合并")).toBeVisible();
  expect((await api.get(`/customers/${gone}`)).name).toBe("容若西");
});
