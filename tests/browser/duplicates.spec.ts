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
  expect([merged.name, merged.gender, merged.birthday, merged.note]).toEqual([
    "沈一明",
    "male",
    "1990-05-06",
    "爱喝白茶",
  ]);

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

test("another unit is asked without its walls coming down", async ({ open, page, api }) => {
  const unit = await api.post("/units", { name: "滨江店", code: "BJD" });
  await api.post("/customers", {
    kind: "person",
    name: "钱若水",
    unit_id: unit.id,
    owner_id: null,
    phones: [{ number: "13922220009", primary: true }],
  });
  await open("/customers");
  await page.getByRole("button", { name: "新建客户" }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: /姓名/ }).fill("林深");
  const phone = form.getByRole("textbox", { name: "第 1 个电话", exact: true });
  await phone.fill("139 2222 0009");
  const ask = form.getByRole("button", { name: "查其他单位是否已有" });
  await ask.click();
  await expect(form.getByText("其他单位已有该客户")).toBeVisible();
  await expect(form.getByText("滨江店 · 钱** · 电话相同")).toBeVisible();
  await expect(form.getByText("本小时还可查 29 次")).toBeVisible();
  await phone.fill("139 2222 0010");
  await expect(form.getByText("其他单位已有该客户")).toBeHidden();
  await ask.click();
  await expect(form.getByText("其他单位没有该客户")).toBeVisible();
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

test("the rules are set on their page", async ({ open, page, api }) => {
  await open("/duplicates");
  await page.getByRole("button", { name: "规则", exact: true }).click();
  const panel = page.getByRole("dialog", { name: "查重规则" });
  const second = panel.getByRole("group", { name: "规则 2" });
  await second.getByLabel("分值").fill("55");
  await panel.getByRole("button", { name: "新增规则" }).click();
  const added = panel.getByRole("group", { name: "规则 12" });
  await added.getByRole("button", { name: "加「并且」" }).click();
  await added.getByRole("combobox", { name: "比对什么" }).last().click();
  await page.getByRole("option", { name: "名称" }).click();
  await added.getByRole("combobox", { name: "怎样算" }).last().click();
  await page.getByRole("option", { name: "相近，至少" }).click();
  await expect(added.getByRole("textbox", { name: "相近程度" })).toHaveValue("85");
  await panel.getByRole("button", { name: "保存" }).click();
  await expect(page.getByText("规则已保存")).toBeVisible();
  const { rules } = (await api.get("/settings")).settings.duplicates;
  expect(rules[1].weight).toBe(55);
  expect(rules[11].all).toEqual([
    { any: [{ field: "phone", how: "same" }] },
    { any: [{ field: "name", how: "similar", percent: 85 }] },
  ]);
});
