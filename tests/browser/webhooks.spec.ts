/** Webhooks in Settings: made with a secret that is shown once, tried, read in the log, renewed. */
import { createHmac } from "node:crypto";
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { expectAccessibleInBothSchemes } from "./accessible";
import { expect, test } from "./fixtures";

interface Arrived {
  headers: IncomingMessage["headers"];
  body: string;
}

/** An endpoint on this machine; the first message is refused, the others are taken. */
async function receiver() {
  const arrived: Arrived[] = [];
  const server = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    arrived.push({ headers: request.headers, body });
    response.statusCode = arrived.length === 1 ? 500 : 200;
    response.end(arrived.length === 1 ? "out of order" : "thanks");
  });
  await new Promise<void>((go) => server.listen(0, "127.0.0.1", go));
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}/hook`, arrived, close: () => server.close() };
}

const signed = (secret: string, { headers, body }: Arrived) => {
  const key = Buffer.from(secret.replace("whsec_", ""), "base64");
  const text = `${headers["webhook-id"]}.${headers["webhook-timestamp"]}.${body}`;
  return `v1,${createHmac("sha256", key).update(text).digest("base64")}`;
};

test("a webhook is made, tried, read and given a new secret", async ({ open }) => {
  const endpoint = await receiver();
  const page = await open("/settings/webhooks");
  await expect(page.getByText("还没有 Webhook")).toBeVisible();
  await expectAccessibleInBothSchemes(page);
  await page.getByRole("button", { name: "新建 Webhook" }).first().click();
  const panel = page.getByRole("dialog");
  await panel.getByRole("textbox", { name: "名称" }).fill("仓库");
  await panel.getByRole("textbox", { name: "地址" }).fill("http://10.0.0.1/");
  await panel.getByRole("button", { name: "新建", exact: true }).click();
  await expect(panel.getByText("不能发往内部网络地址")).toBeVisible();
  await panel.getByRole("textbox", { name: "地址" }).fill(endpoint.url);
  await panel.getByRole("button", { name: "新建", exact: true }).click();
  const once = page.getByRole("dialog", { name: "“仓库”已创建" });
  const secret = await once.getByRole("textbox", { name: "密钥" }).inputValue();
  expect(secret).toMatch(/^whsec_/);
  await page.keyboard.press("Escape");

  await page.getByRole("link", { name: "仓库" }).click();
  await page.getByRole("button", { name: "发送测试" }).click();
  const log = page.getByRole("table", { name: "日志" });
  await expect(log.getByRole("row").nth(1)).toContainText("失败");
  await expect(log.getByRole("row").nth(1)).toContainText("500");
  await log.getByRole("button", { name: "重发" }).click();
  await expect(log.getByRole("row").nth(1)).toContainText("已送达");
  expect(endpoint.arrived).toHaveLength(2);
  for (const one of endpoint.arrived) expect(one.headers["webhook-signature"]).toBe(signed(secret, one));
  await log.getByRole("button", { name: "测试" }).click();
  await expect(page.getByRole("dialog")).toContainText("webhook.ping");
  await expect(page.getByRole("dialog")).toContainText("out of order");
  await expectAccessibleInBothSchemes(page);
  await page.keyboard.press("Escape");

  await page.getByRole("button", { name: "更换密钥…" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "更换", exact: true }).click();
  const renewed = page.getByRole("dialog", { name: "“仓库”已更换密钥" });
  expect(await renewed.getByRole("textbox", { name: "密钥" }).inputValue()).not.toBe(secret);
  await page.keyboard.press("Escape");
  await expect(page.getByText(/旧密钥同时有效/)).toBeVisible();
  await expectAccessibleInBothSchemes(page);
  endpoint.close();
});
