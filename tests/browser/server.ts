/**
 * One `regulars serve` on a free port with a database of its own, set up through its one-time link; and the API as
 * a test speaks it, for seeding. Tests of an area seed what they need: names are theirs, nothing is shared.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const PROGRAM =
  process.env.REGULARS ?? fileURLToPath(new URL("../../target/debug/regulars", import.meta.url));
const START_MS = 30_000;

export interface Person {
  login: string;
  password: string;
}

/** The first person: executive, unit administrator and system administrator at once. */
export const ADMIN: Person = { login: "shen", password: "correct horse battery" };
export const ADMIN_NAME = "沈小满";
export const COMPANY = "青禾茶业";

export class Server {
  private constructor(
    readonly base: string,
    readonly setupLink: string,
    private readonly process: ChildProcess,
    private readonly data: string,
  ) {}

  static async start(): Promise<Server> {
    const data = mkdtempSync(join(tmpdir(), "regulars-browser-"));
    const serve = ["serve", "--data", data, "--listen", "127.0.0.1:0", "--rate-limit", "0"];
    // Receivers of webhooks in tests stand on this machine.
    const outbound = ["--webhook-http", "--webhook-networks", "127.0.0.0/8"];
    const child = spawn(PROGRAM, [...serve, ...outbound], { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    const { base, link } = await new Promise<{ base: string; link: string }>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`the server did not start:\n${said}`)), START_MS);
      const listen = (chunk: Buffer) => {
        said += chunk.toString();
        const found = /(http:\/\/\S+?)\/setup\?token=\S+/.exec(said);
        if (!found) return;
        clearTimeout(late);
        resolve({ base: found[1] as string, link: found[0] });
      };
      child.stdout.on("data", listen);
      child.stderr.on("data", listen);
      child.on("exit", (code) => reject(new Error(`the server ended with ${code}:\n${said}`)));
    });
    return new Server(base, link, child, data);
  }

  /** Makes the company and its first person, as the set-up page would. */
  async setUp(): Promise<void> {
    await this.call("POST", "/setup", {
      token: new URL(this.setupLink).searchParams.get("token"),
      company_name: COMPANY,
      unit_name: "华东零售",
      locale: "zh-CN",
      time_zone: "Asia/Shanghai",
      currency: "CNY",
      person_name: ADMIN_NAME,
      ...ADMIN,
    });
  }

  private async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
    const response = await fetch(`${this.base}/api/v1${path}`, {
      method,
      headers: {
        "Content-Type": "application/json",
        ...(method === "POST" ? { "Idempotency-Key": crypto.randomUUID() } : {}),
        ...headers,
      },
      body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }

  /** The API with one person's permissions. */
  async as(person: Person = ADMIN): Promise<Api> {
    const session = await this.call("POST", "/auth/sessions", {
      ...person,
      client: "device",
      device_name: "tests",
    });
    const bearer = { Authorization: `Bearer ${session.access_token}` };
    return {
      me: session.user,
      get: (path) => this.call("GET", path, undefined, bearer),
      post: (path, body) => this.call("POST", path, body ?? {}, bearer),
      put: (path, body, version) =>
        this.call(
          "PUT",
          path,
          body,
          version === undefined ? bearer : { ...bearer, "If-Match": `"${version}"` },
        ),
      upload: (path, text) => this.call("POST", path, text, { ...bearer, "Content-Type": "text/csv" }),
      patch: (path, version, body) =>
        this.call("PATCH", path, body, { ...bearer, "If-Match": `"${version}"` }),
    };
  }

  /** Nobody answers any more when this is through. */
  async stop(): Promise<void> {
    this.process.removeAllListeners("exit");
    if (this.process.exitCode === null && this.process.signalCode === null) {
      const gone = new Promise((resolve) => this.process.once("exit", resolve));
      this.process.kill("SIGKILL");
      await gone;
    }
    rmSync(this.data, { recursive: true, force: true });
  }
}

// biome-ignore lint/suspicious/noExplicitAny: seeds are checked by the server
type Json = any;

export interface Api {
  me: Json;
  get: (path: string) => Promise<Json>;
  post: (path: string, body?: unknown) => Promise<Json>;
  put: (path: string, body: unknown, version?: number) => Promise<Json>;
  /** A CSV file as a raw body. */
  upload: (path: string, text: string) => Promise<Json>;
  patch: (path: string, version: number, body: unknown) => Promise<Json>;
}
