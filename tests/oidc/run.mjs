// One line a check; ends with 1 if any failed.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as jose from "jose";
import { CLIENT, keyMade, providerStarted, SECRET } from "./provider.mjs";

const PASSWORD = "correct horse battery";
const program = process.argv[2];
const data = mkdtempSync(join(tmpdir(), "regulars-oidc-"));

/** A browser: follows what it is told by hand, and keeps cookies by host and path. */
class Browser {
  jar = new Map();

  async open(url, options = {}) {
    const at = new URL(url);
    const fits = [...this.jar.values()].filter(
      (one) => one.host === at.host && at.pathname.startsWith(one.path),
    );
    const cookie = fits.map((one) => `${one.name}=${one.value}`).join("; ");
    const headers = { ...options.headers, ...(cookie && { cookie }) };
    const response = await fetch(url, { ...options, headers, redirect: "manual" });
    for (const line of response.headers.getSetCookie()) {
      const [pair, ...rest] = line.split("; ");
      const [name, value] = [pair.slice(0, pair.indexOf("=")), pair.slice(pair.indexOf("=") + 1)];
      const path = /;\s*path=([^;]*)/i.exec(line)?.[1] ?? "/";
      const key = `${at.host} ${path} ${name}`;
      if (value === "" || /max-age=0/i.test(rest.join(";"))) this.jar.delete(key);
      else this.jar.set(key, { host: at.host, path, name, value, line });
    }
    return response;
  }

  /** Where an answer sends the browser. */
  async sent(url) {
    const response = await this.open(url);
    assert.ok(
      [302, 303].includes(response.status),
      `${url} answers ${response.status}: ${await response.text()}`,
    );
    return new URL(response.headers.get("location"), url).href;
  }

  /** Through the provider's own pages, up to the address that leads back. */
  async through(url) {
    let at = url;
    while (!at.startsWith(callback)) at = await this.sent(at);
    return at;
  }
}

async function freePort() {
  const server = createServer();
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address();
  await new Promise((done) => server.close(done));
  return port;
}

const port = await freePort();
const base = `http://127.0.0.1:${port}`;
const callback = `${base}/api/v1/auth/oidc/callback`;
const provider = await providerStarted(callback);

/** Starts the server; answers with what it printed when it is ready. */
async function serverStarted() {
  const named = ["--oidc-issuer", provider.issuer, "--oidc-client-id", CLIENT, "--oidc-http"];
  const serve = [
    "serve",
    "--data",
    data,
    "--listen",
    `127.0.0.1:${port}`,
    "--public-url",
    base,
    "--rate-limit",
    "0",
  ];
  const env = { ...process.env, REGULARS_OIDC_CLIENT_SECRET: SECRET };
  const child = spawn(program, [...serve, ...named], { env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  const token = await new Promise((ready, failed) => {
    const listen = (chunk) => {
      said += chunk;
      const found = /setup\?token=(\S+)/.exec(said);
      if (found) ready(found[1]);
    };
    child.stdout.on("data", listen);
    child.stderr.on("data", listen);
    child.on("exit", (code) => failed(new Error(`the server ended with ${code}:\n${said}`)));
  });
  return { child, token, said: () => said };
}

const server = await serverStarted();
let admin;

async function call(method, path, body, token = admin) {
  const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
  const response = await fetch(`${base}/api/v1${path}`, {
    method,
    headers,
    body: body && JSON.stringify(body),
  });
  const text = await response.text();
  assert.ok(response.ok, `${method} ${path} answers ${response.status}: ${text}`);
  return text ? JSON.parse(text) : undefined;
}

async function personMade(login, email) {
  const me = await call("GET", "/me");
  const roles = (await call("GET", "/roles?limit=50")).items;
  const member = roles.find((role) => role.key === "member");
  const departments = (await call("GET", "/departments?limit=50")).items;
  return call("POST", "/users", {
    name: login,
    login,
    email,
    department_id: departments[0].id,
    role_ids: [member.id],
    locale: me.locale ?? "en",
    password: PASSWORD,
  });
}

/** The whole way as somebody of the provider; `at` may change the address the browser is sent to. */
async function signedIn(who, { to = "/customers", at = (url) => url, browser = new Browser() } = {}) {
  provider.who = who;
  const away = await browser.sent(`${base}/api/v1/auth/oidc?to=${encodeURIComponent(to)}`);
  const back = await browser.through(at(away));
  return { browser, away, back, end: await browser.sent(back) };
}

const refusedWith = (code) => `${base}/sign-in?refused=${code}`;
const refreshed = (browser) =>
  browser.open(`${base}/api/v1/auth/refresh`, {
    method: "POST",
    headers: { "content-type": "application/json", origin: base },
    body: "{}",
  });

async function refused(who, code, options) {
  const { browser, end } = await signedIn(who, options);
  assert.equal(end, refusedWith(code));
  assert.equal((await refreshed(browser)).status, 401, "there is no session");
}

/** The code an authenticator app shows now (RFC 6238). */
function oneTimeCode(secret, steps = 0) {
  const bits = [...secret]
    .map((c) => "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".indexOf(c).toString(2).padStart(5, "0"))
    .join("");
  const key = Buffer.from(bits.match(/.{8}/g).map((byte) => Number.parseInt(byte, 2)));
  const counter = Buffer.alloc(8);
  counter.writeBigUInt64BE(BigInt(Math.floor(Date.now() / 30_000) + steps));
  const mac = createHmac("sha1", key).update(counter).digest();
  const offset = mac[19] & 15;
  return String((mac.readUInt32BE(offset) & 0x7fffffff) % 1_000_000).padStart(6, "0");
}

const founder = await call("POST", "/setup", {
  token: server.token,
  company_name: "Orchard Tea",
  unit_name: "East",
  locale: "en",
  time_zone: "Asia/Shanghai",
  currency: "CNY",
  person_name: "Lin",
  login: "lin",
  password: PASSWORD,
});
admin = founder.access_token;
const people = {};
for (const [login, email] of [
  ["mei", "Mei@Example.com"],
  ["unsure", "unsure@example.com"],
  ["frozen", "frozen@example.com"],
  ["gone", "gone@example.com"],
  ["twin1", "twin@example.com"],
  ["twin2", "twin@example.com"],
  ["coded", "coded@example.com"],
]) {
  people[login] = await personMade(login, email);
  provider.accounts.set(login, { email: email.toLowerCase(), email_verified: login !== "unsure" });
}
provider.accounts.set("stranger", { email: "stranger@example.com", email_verified: true });
provider.accounts.set("heir", { email: "mei@example.com", email_verified: true });

const checks = {
  "the sign-in page learns that there is a provider": async () => {
    assert.deepEqual(await call("GET", "/setup", undefined, null), { needed: false, oidc: true });
  },
  "a person comes in, and the session goes on": async () => {
    const { browser, away, end } = await signedIn("mei");
    const asked = new URL(away).searchParams;
    assert.equal(asked.get("code_challenge_method"), "S256");
    assert.equal(asked.get("redirect_uri"), callback);
    assert.equal(end, `${base}/customers`);
    assert.ok(
      ![...browser.jar.values()].some((one) => one.name === "rgl_oidc"),
      "what was begun is forgotten",
    );
    for (const _ of [1, 2]) {
      const answer = await refreshed(browser);
      assert.equal(answer.status, 200);
      assert.equal((await answer.json()).user.login, "mei");
    }
  },
  "the audit tells of the link and of each sign-in": async () => {
    await signedIn("mei");
    const told = await call("GET", `/audit-events?limit=50&filter[resource_id]=${people.mei.id}`);
    const actions = told.items.map((one) => one.action);
    assert.equal(actions.filter((action) => action === "identity_linked").length, 1);
    assert.equal(actions.filter((action) => action === "vouched_for").length, 1);
  },
  "the link stays when the e-mail changes": async () => {
    provider.accounts.set("mei", { email: "mei.new@example.com", email_verified: true });
    assert.equal((await signedIn("mei")).end, `${base}/customers`);
  },
  "an e-mail passed on opens nothing": () => refused("heir", "oidc_unknown"),
  "nobody is sent to another site": async () => {
    for (const to of ["//elsewhere.example/", "https://elsewhere.example/", "/\\elsewhere.example"]) {
      assert.equal((await signedIn("mei", { to })).end, `${base}/`);
    }
  },
  "another state is refused": async () => {
    const browser = new Browser();
    const { back } = await signedIn("mei", { browser });
    await browser.sent(`${base}/api/v1/auth/oidc`);
    const wrong = new URL(back);
    wrong.searchParams.set("state", "0".repeat(64));
    assert.equal(await browser.sent(wrong.href), refusedWith("oidc_state"));
  },
  "another browser cannot finish it": async () => {
    provider.who = "mei";
    const browser = new Browser();
    const away = await browser.sent(`${base}/api/v1/auth/oidc`);
    assert.equal(await new Browser().sent(await browser.through(away)), refusedWith("oidc_state"));
  },
  "a code works once": async () => {
    provider.who = "mei";
    const browser = new Browser();
    const back = await browser.through(await browser.sent(`${base}/api/v1/auth/oidc`));
    const copy = new Browser();
    copy.jar = new Map(browser.jar);
    assert.equal(await browser.sent(back), `${base}/`);
    assert.equal(await copy.sent(back), refusedWith("oidc_refused"));
  },
  "a token for another nonce is refused": () =>
    refused("mei", "oidc_refused", {
      at: (url) => {
        const changed = new URL(url);
        changed.searchParams.set("nonce", "another");
        return changed.href;
      },
    }),
  "a person unknown here is refused": () => refused("stranger", "oidc_unknown"),
  "an e-mail of two people is refused": () => refused("twin1", "oidc_unknown"),
  "an e-mail that is not verified is refused": () => refused("unsure", "oidc_unverified"),
  "a frozen person is refused, linked or not": async () => {
    await call("POST", `/users/${people.frozen.id}/freeze`, { reason: "on leave" });
    await refused("frozen", "account_disabled");
  },
  "who left is refused, though linked before": async () => {
    assert.equal((await signedIn("gone")).end, `${base}/customers`);
    await call("POST", `/users/${people.gone.id}/deactivation`);
    await refused("gone", "oidc_unknown");
  },
  "who refuses at the provider comes back to the door": async () => {
    const browser = new Browser();
    const state = new URL(await browser.sent(`${base}/api/v1/auth/oidc`)).searchParams.get("state");
    const end = await browser.sent(`${callback}?error=access_denied&state=${state}`);
    assert.equal(end, refusedWith("oidc_refused"));
  },
  "a second step is asked for": async () => {
    const session = await call("POST", "/auth/sessions", { login: "coded", password: PASSWORD }, null);
    const own = session.access_token;
    const { secret } = await call("POST", "/me/second-factor", { password: PASSWORD }, own);
    await call("POST", "/me/second-factor/confirmation", { code: oneTimeCode(secret) }, own);
    const { browser, end } = await signedIn("coded");
    assert.equal(end, `${base}/sign-in?oidc=code&next=%2Fcustomers`);
    assert.equal((await refreshed(browser)).status, 401, "not in yet");
    const give = (code) =>
      browser.open(`${base}/api/v1/auth/oidc`, {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify({ code }),
      });
    const wrong = await give("000000");
    assert.equal((await wrong.json()).code, "second_factor_wrong");
    const right = await give(oneTimeCode(secret, 1));
    assert.equal(right.status, 201);
    assert.equal((await right.json()).user.login, "coded");
    assert.equal((await refreshed(browser)).status, 200);
    assert.equal(
      (await (await give(oneTimeCode(secret, 1))).json()).code,
      "oidc_state",
      "what proved it is forgotten",
    );
  },
  "changed keys are learnt": async () => {
    await provider.rotate("second");
    assert.equal((await signedIn("mei")).end, `${base}/customers`);
  },
  "tokens that somebody else wrote are refused": async () => {
    const stranger = await keyMade("second");
    const right = {
      iss: provider.issuer,
      aud: CLIENT,
      exp: "5m",
      key: provider.key.privateKey,
      alg: "RS256",
    };
    const rows = [
      ["as it has to be", {}, `${base}/customers`],
      ["another issuer", { iss: "http://127.0.0.1:1" }],
      ["another audience", { aud: "somebody" }],
      ["two audiences", { aud: [CLIENT, "somebody"] }],
      ["made for another", { azp: "somebody" }],
      ["expired", { exp: Math.floor(Date.now() / 1000) - 120 }],
      ["another key", { key: stranger.privateKey }],
      ["a shared secret", { alg: "HS256", key: new TextEncoder().encode(SECRET.padEnd(32, "x")) }],
      ["an unknown key", { kid: "nobody's" }],
    ];
    for (const [what, change, end = refusedWith("oidc_refused")] of rows) {
      const { iss, aud, exp, key, alg, azp, kid = "second" } = { ...right, ...change };
      provider.who = "mei";
      const browser = new Browser();
      const away = await browser.sent(`${base}/api/v1/auth/oidc?to=/customers`);
      const nonce = new URL(away).searchParams.get("nonce");
      const token = new jose.SignJWT({ nonce, ...(azp && { azp }) }).setProtectedHeader({ alg, kid });
      provider.forged = await token
        .setIssuer(iss)
        .setAudience(aud)
        .setSubject("mei")
        .setExpirationTime(exp)
        .sign(key);
      const back = await browser.through(away);
      assert.equal(await browser.sent(back), end, what);
    }
    provider.forged = new jose.UnsecuredJWT({ nonce: "any" })
      .setIssuer(provider.issuer)
      .setSubject("mei")
      .encode();
    await refused("mei", "oidc_refused");
    provider.forged = undefined;
  },
  "a provider that is away is told of": async () => {
    provider.who = "mei";
    const browser = new Browser();
    const back = await browser.through(await browser.sent(`${base}/api/v1/auth/oidc`));
    provider.stop();
    assert.equal(await browser.sent(back), refusedWith("oidc_unreachable"));
  },
};

let failed = 0;
for (const [name, check] of Object.entries(checks)) {
  try {
    await check();
    console.log(`ok    ${name}`);
  } catch (error) {
    failed += 1;
    console.log(`WRONG ${name}\n${error.stack}`);
  } finally {
    provider.forged = undefined;
  }
}
if (failed) console.log(server.said());
console.log(`oidc: ${Object.keys(checks).length - failed} passed, ${failed} failed`);
server.child.removeAllListeners("exit");
server.child.kill();
rmSync(data, { recursive: true, force: true });
process.exit(failed ? 1 : 0);
