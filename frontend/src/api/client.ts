/**
 * The only way out of the app to the server.
 *
 *   const page = await ok(api.GET("/customers", { params: { query } }))   throws ApiProblem
 *   await ok(api.PATCH("/customers/{id}", { params: { path: { id }, header: ifMatch(version) }, body }))
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

/** Tells of each answer "accepted": a `job` has begun that goes on after the answer. */
export const accepted = new EventTarget();

/** Like `fetch`, signed in and in the person's language. `path` starts with /api/. */
export async function authorisedFetch(input: Request): Promise<Response> {
  const repeat = input.clone();
  const response = await send(input);
  if (response.status === 202) accepted.dispatchEvent(new Event("job"));
  if (response.status !== 401 || input.url.includes("/auth/")) return response;
  return (await session.refresh()) ? send(repeat) : response;
}

async function send(request: Request): Promise<Response> {
  const token = session.token();
  if (token) request.headers.set("Authorization", `Bearer ${token}`);
  request.headers.set("Accept-Language", currentLanguage());
  if (request.method === "PATCH") request.headers.set("Content-Type", "application/merge-patch+json");
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

/** Paths, parameters, bodies and answers are the contract's. */
export const api = createClient<paths>({
  baseUrl: BASE,
  fetch: authorisedFetch,
  querySerializer: serialiseQuery,
});

/** Arrays repeat their key, undefined and empty strings vanish. */
export function serialiseQuery(query: object): string {
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
  throw ApiProblem.of(response, error);
}

/** Header of a change to the version the person looked at. */
export const ifMatch = (version: number): { "If-Match": string } => ({ "If-Match": `"${version}"` });

/** Header of a POST that must happen once, however often it is sent. */
export interface Once {
  "Idempotency-Key": string;
}

/** Make one per opened form. */
export const idempotencyKey = (): Once => ({
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
