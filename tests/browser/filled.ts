/** A small company with something on every page: people, goods, orders, groups, an import at each step. */
import { expect } from "@playwright/test";
import type { Api } from "./server";

const CSV = "编号,姓名,手机,生日\nR-1,方小禾,13812340001,1960-01-02\nR-2,方大禾,13812340002,1970-13-02\n";
const yuan = (amount: string) => ({ amount, currency: "CNY" });
const day = (offset: number) => new Date(Date.now() + offset * 86_400_000).toISOString().slice(0, 10);

export type Filled = Record<
  | "person"
  | "organization"
  | "product"
  | "opportunity"
  | "key_account"
  | "dealer"
  | "order"
  | "draft"
  | "quote"
  | "quote_draft"
  | "segment"
  | "list"
  | "user"
  | "role"
  | "uploaded"
  | "checked"
  | "done",
  string
>;

export async function fill(api: Api): Promise<Filled> {
  const tags: { id: string }[] = [];
  for (const [name, color] of [
    ["茶友会", "yellow"],
    ["企业礼品", "grape"],
    ["老客", "ember"],
  ]) {
    tags.push(await api.post("/tags", { name, color }));
  }
  await api.post("/custom-fields", {
    resource: "customer",
    key: "seat",
    label_zh: "常坐座位",
    label_en: "Usual seat",
    type: "text",
  });
  const brand = await api.post("/brands", { name: "青禾" });
  const category = await api.post("/categories", { name: "绿茶" });
  const products: { id: string; price: unknown }[] = [];
  for (const [code, name, price] of [
    ["LJ-1", "明前龙井", "680.00"],
    ["BL-1", "碧螺春", "420.00"],
  ]) {
    const sort = { brand_id: brand.id, category_id: category.id };
    products.push(
      await api.post("/products", { code, name, unit_of_measure: "盒", price: yuan(price ?? ""), ...sort }),
    );
  }
  const organization = await api.post("/customers", {
    kind: "organization",
    name: "杭州云栖餐饮管理有限公司",
    status: "customer",
    industry: "catering",
    phones: [{ number: "0571-88886666", primary: true }],
    tag_ids: tags.slice(1, 2).map((tag) => tag.id),
  });
  const people = [];
  for (const [index, name] of ["王秀兰", "欧阳清泉", "Anna Schmidt", "李小龙"].entries()) {
    people.push(
      await api.post("/customers", {
        kind: "person",
        name,
        status: index === 3 ? "lead" : "customer",
        gender: "female",
        phones: [{ number: `1380000123${index}`, primary: true }],
        emails: [{ address: `guest${index}@example.com`, primary: true }],
        addresses: [{ province: "浙江省", city: "杭州市", street: "文三路 1 号", primary: true }],
        dates: [{ kind: "wedding", date: day(3 + index), yearly: true }],
        tag_ids: tags.slice(0, index).map((tag) => tag.id),
      }),
    );
  }
  const person = people[1];
  // Someone noted twice: a pair among the duplicates.
  await api.post("/customers", {
    kind: "person",
    name: "欧阳清全",
    status: "lead",
    birthday: "1988-08-08",
    phones: [{ number: "13800001231", primary: true }],
    note: "展会上认识",
  });
  await expect.poll(async () => (await api.get("/duplicates")).items.length, { timeout: 20_000 }).toBe(1);
  await api.post("/interactions", { customer_id: person.id, kind: "visit", body: "喜欢坐窗边，只喝头道。" });
  await api.post(`/customers/${person.id}/preferences`, { key: "drink", value: "豆香" });
  for (const [kind, value] of [
    ["total_purchases", { amount: yuan("90000.00") }],
    ["total_purchases", { amount: yuan("80000.00"), as_of: day(-90) }],
    ["credit_grade", { text: "AA" }],
  ] as const) {
    await api.post(`/customers/${person.id}/facts`, { kind, source: "asked", ...value });
  }
  await api.post("/relations", { from_id: person.id, to_id: organization.id, role: "buyer", primary: true });

  const sell = (customer_id: string, on: number, quantity: string) =>
    api.post("/orders", {
      customer_id,
      status: "completed",
      ordered_on: day(on),
      lines: products.map((product) => ({ product_id: product.id, quantity, price: product.price })),
    });
  for (const [index, one] of [...people.slice(0, 3), organization].entries()) {
    await sell(one.id, -200 + index, "1");
    await sell(one.id, -20 - index, `${index + 1}`);
  }
  const order = await sell(person.id, -2, "3");
  await api.post(`/orders/${order.id}/payments`, { amount: yuan("1000.00"), method: "cash" });
  const [line] = order.lines;
  await api.post(`/orders/${order.id}/returns`, {
    line_id: line.id,
    quantity: "1",
    amount: yuan("680.00"),
    reason: "damaged",
  });
  const opportunity = await api.post("/opportunities", {
    name: "两百台笔记本",
    customer_id: person.id,
    amount: yuan("120000.00"),
    expected_close: "2030-06-30",
    notes: [{ kind: "resistance", text: "担心售后" }],
    steps: [{ title: "送样试用", required: true, due_on: "2030-05-31" }],
  });
  const draft = await api.post("/orders", {
    customer_id: organization.id,
    status: "draft",
    lines: [{ name: "定制礼盒", quantity: "12", price: yuan("300.00"), discount: yuan("60.00") }],
  });
  const offer = (customer_id: string) =>
    api.post("/quotes", {
      customer_id,
      opportunity_id: customer_id === person.id ? opportunity.id : null,
      lines: [
        {
          name: "定制礼盒",
          quantity: "12",
          price: yuan("300.00"),
          discount: yuan("60.00"),
          tax_rate: "13",
          promised_on: day(30),
          options: [{ name: "颜色", value: "松绿" }],
        },
        { name: "上门冲泡", quantity: "1", price: yuan("800.00"), tax_rate: "6" },
      ],
    });
  const [quote, quoteDraft] = [await offer(person.id), await offer(organization.id)];
  await api.post(`/quotes/${quote.id}/status`, { status: "sent" });
  const revised = await api.post(`/quotes/${quote.id}/revision`);
  await api.post(`/quotes/${revised.id}/status`, { status: "sent" });
  const preset = (await api.get("/journey-presets")).items[0];
  const journey = await api.post("/journeys", { ...preset, active: true });
  await api.post("/journey-runs", { journey_id: journey.id, customer_id: person.id, started_on: day(-3) });
  const keyAccount = await api.post(`/customers/${organization.id}/key-accounts`, {
    level: "partnership",
    plan: "进入两个食堂",
    review_on: day(20),
    goals: [
      { title: "第二个园区", target: "首单", due_on: day(40) },
      { title: "双周沟通", status: "reached" },
    ],
    touchpoints: [
      { group: "contact", key: "visit", every_days: 60 },
      { group: "place", key: "fair", met_on: day(-100), every_days: 90, note: "他们的采购会来展台" },
    ],
  });
  const dealer = await api.post(`/customers/${organization.id}/dealers`, {
    kind: "store",
    territory: "苏州",
    since: day(-400),
  });
  await api.post("/relations", { from_id: people[1]?.id, to_id: organization.id, role: "clerk" });
  await api.post(`/customers/${people[1]?.id}/trainings`, { course: "product", on: day(-30), score: 92.5 });
  const segment = await api.post("/segments", {
    name: "买过的人",
    kind: "dynamic",
    shared: true,
    condition: { all: [{ field: "metrics.orders", op: "gte", value: 1 }] },
  });
  const list = await api.post("/segments", { name: "品鉴会名单", kind: "static", shared: false });
  await api.post(`/segments/${list.id}/members`, { ids: [person.id] });
  await api.post("/views", {
    resource: "customers",
    name: "有订单的",
    shared: true,
    pinned: true,
    definition: {},
  });
  await api.post("/api-keys", { name: "收银系统", permissions: ["customers:customer:read"] });

  const file = (name: string) => api.upload(`/imports?resource=customers&file_name=${name}.csv`, CSV);
  const until = (id: string, status: string) =>
    expect.poll(async () => (await api.get(`/imports/${id}`)).status, { timeout: 20_000 }).toBe(status);
  const [uploaded, checked, done] = [await file("a"), await file("b"), await file("c")];
  for (const one of [checked, done]) {
    await api.post(`/imports/${one.id}/check`);
    await until(one.id, "checked");
  }
  await api.post(`/imports/${done.id}/run`);
  await until(done.id, "done");
  const ended = async () => {
    const job = await api.post("/insight/evaluations");
    await expect
      .poll(async () => (await api.get(`/jobs/${job.id}`)).status, { timeout: 20_000 })
      .toBe("done");
  };
  await ended();
  const roles = (await api.get("/roles")).items;
  return {
    person: person.id,
    organization: organization.id,
    product: products[0]?.id ?? "",
    opportunity: opportunity.id,
    key_account: keyAccount.id,
    dealer: dealer.id,
    order: order.id,
    draft: draft.id,
    quote: revised.id,
    quote_draft: quoteDraft.id,
    segment: segment.id,
    list: list.id,
    user: api.me.id,
    role: roles[0].id,
    uploaded: uploaded.id,
    checked: checked.id,
    done: done.id,
  };
}
