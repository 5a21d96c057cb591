/** A prospect becomes a customer in steps: checked, surveyed, proposed, approved by another, papers on file, code. */
import { Buffer } from "node:buffer";
import { expect, test } from "./fixtures";
import { ADMIN } from "./server";

const WORDS = {
  "zh-CN": {
    start: "开始：经销商",
    met: "满足",
    passed: "通过",
    findings: "调查结果",
    save: "保存",
    reasons: "准入理由",
    propose: "提交审批",
    waiting: "待我审批的新客户",
    approve: "批准",
    attach: (name: string) => `附为${name}`,
    complete: "分配编号",
    code: /客户编号 C-/,
  },
  en: {
    start: "Begin: 经销商",
    met: "Met",
    passed: "Passed",
    findings: "Findings",
    save: "Save",
    reasons: "Why they should become a customer",
    propose: "Propose",
    waiting: "New customers waiting for me",
    approve: "Approve",
    attach: (name: string) => `Attach as ${name}`,
    complete: "Give the code",
    code: /Customer code C-/,
  },
};

test("a prospect is qualified @smoke @phone", async ({ api, open, english, server }, { project }) => {
  const words = WORDS[english ? "en" : "zh-CN"];
  const login = `head-${project.name.replaceAll(" ", "-")}`;
  const roles = (await api.get("/roles")).items;
  const role = roles.find((one: { key: string }) => one.key === "unit_head").id;
  await api.post("/users", {
    name: "审批人",
    login,
    department_id: api.me.department.id,
    role_ids: [role],
    locale: english ? "en" : "zh-CN",
    password: ADMIN.password,
  });
  const known = (await api.get("/qualification-templates")).items;
  if (known.length === 0) {
    await api.post("/qualification-templates", {
      name: "经销商",
      required: true,
      definition: {
        criteria: [{ label: "营业执照有效", required: true }],
        steps: [{ label: "实地调查" }],
        contracts: [{ label: "购销合同", required: true }],
        approvals: [{ label: "单位负责人", role_ids: [role] }],
      },
    });
  }
  const shop = await api.post("/customers", { kind: "organization", name: `云栖商行 ${project.name}` });
  let page = await open(`/customers/${shop.id}`);
  await page.getByRole("button", { name: words.start }).click();
  await page.getByText(words.met, { exact: true }).click();
  const findings = page.getByRole("textbox", { name: words.findings });
  await findings.fill("店面两百平方米");
  await page.getByText(words.passed, { exact: true }).click();
  await page.getByRole("main").getByRole("button", { name: words.save, exact: true }).click();
  const reasons = page.getByRole("textbox", { name: words.reasons });
  await reasons.fill("十二家门店");
  await page.getByRole("button", { name: words.propose, exact: true }).click();
  await expect(reasons).toBeHidden();
  if (process.env.SHOTS)
    await page.screenshot({ path: `${process.env.SHOTS}/q-proposed-${project.name}.png`, fullPage: true });

  page = await open("/", { login, password: ADMIN.password });
  const waiting = page.locator("section").filter({ hasText: words.waiting });
  if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/q-today-${project.name}.png` });
  await waiting.getByRole("link", { name: shop.name }).click();
  await page.getByRole("button", { name: words.approve, exact: true }).click();

  const papers = page.getByLabel(words.attach("购销合同"));
  await papers.setInputFiles({
    name: "合同.pdf",
    mimeType: "application/pdf",
    buffer: Buffer.from("%PDF-1.7\n"),
  });
  await page.getByRole("button", { name: words.complete }).click();
  await expect(page.getByText(words.code).first()).toBeVisible();
  if (process.env.SHOTS)
    await page.screenshot({ path: `${process.env.SHOTS}/q-done-${project.name}.png`, fullPage: true });
  const now = await (await server.as()).get(`/customers/${shop.id}`);
  expect([now.status, now.qualification]).toEqual(["customer", "qualified"]);
});
