/**
 * The only way out of the app to the server.
 *
 *   const page = await ok(api.GET("/customers", { params: { query } }))   throws ApiProblem
 *   await ok(api.PATCH("/customers/{id}", { params: { path: { id } }, headers: ifMatch(version), body }))
 *
 * Every request carries the access token and the language; a 401 refreshes once and repeats the request.
 * Every POST carries an Idempotency-Key: pass `idempotencyKey()` made once per form to make a person's second
 * press of "Save" harmless, otherwise each call has its own.
 */
import createClient from "openapi-fetch";
import { currentLanguage } from "@/app/i18n";
import { ApiProblem } from "./problem";
import type { paths } from "./schema.gen";
import { session } from "./session";

export const BASE = "/api/v1";

/** Like `fetch`, signed in and in the person's language. `path` starts with /api/. */
export async function authorisedFetch(input: Request): Promise<Response> {
  const repeat = input.clone();
  const response = await send(input);
  if (response.status !== 401 || input.url.includes("/auth/")) return response;
  return (await session.refresh()) ? send(repeat) : response;
}

async function send(request: Request): Promise<Response> {
  const token = session.token();
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  request.headers.set("Accept-Language", currentLanguage());
  if (request.method === "POST" && !request.headers.has("Idempotency-Key")) {
    request.headers.set("Idempotency-Key", crypto.randomUUID());
  }
  try {
    return await fetch(request);
  } catch (error) {
    if (error instanceof DOMException && error.name === "AbortError") throw error;
    throw ApiProblem.network();
  }
}

/**
 * Paths and methods come from the contract; bodies and answers are named by the callers with the contract's
 * schemas (`Schema<"User">`), because lists take filters that OpenAPI can't spell.
 */
// biome-ignore lint/suspicious/noExplicitAny: see above
type Callable = { [P in keyof paths]: { [M in keyof paths[P]]: any } };
// biome-ignore lint/suspicious/noExplicitAny: until every path the app calls is in the contract
type Paths = Callable & Record<string, any>;

export const api = createClient<Paths>({
  baseUrl: BASE,
  fetch: authorisedFetch,
  querySerializer: (query) => serialiseQuery(query as Record<string, unknown>),
});

/** Arrays repeat their key, undefined and empty strings vanish, keys such as `filter[status]` stay readable. */
export function serialiseQuery(query: Record<string, unknown>): string {
  const out = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined || value === null || value === "") continue;
    for (const one of Array.isArray(value) ? value : [value]) out.append(key, String(one));
  }
  return out.toString();
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The body of a successful answer; anything else throws an {@link ApiProblem}. */
export async function ok<T>(call: Promise<Answer<T>>): Promise<NonNullable<T>> {
  const { data, error, response } = await call;
  if (response.ok) return data as NonNullable<T>;
  const wait = Number(response.headers.get("Retry-After"));
  throw new ApiProblem(
    response.status,
    error && typeof error === "object" ? (error as Record<string, unknown>) : {},
    wait > 0 ? wait : undefined,
  );
}

/** Headers for a change to the version the person looked at. */
export const ifMatch = (version: number): { "If-Match": string } => ({ "If-Match": `"${version}"` });

/** Headers for a POST that must happen once, however often it is sent. Make one per opened form. */
export const idempotencyKey = (): { "Idempotency-Key": string } => ({
  "Idempotency-Key": crypto.randomUUID(),
});

/** A request openapi-fetch does not cover: raw upload bodies and attachments. Throws ApiProblem. */
export async function raw(path: string, init?: RequestInit): Promise<Response> {
  const response = await authorisedFetch(new Request(`${BASE}${path}`, init));
  if (!response.ok) throw await ApiProblem.from(response);
  return response;
}

/** Saves an attachment under the name the server gives it. */
export async function download(path: string, fallbackName: string): Promise<void> {
  const response = await raw(path);
  const disposition = response.headers.get("Content-Disposition") ?? "";
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition)?.[1];
  const plain = /filename="?([^";]+)"?/i.exec(disposition)?.[1];
  const url = URL.createObjectURL(await response.blob());
  const link = document.createElement("a");
  link.href = url;
  link.download = encoded ? decodeURIComponent(encoded) : (plain ?? fallbackName);
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 10_000);
}
