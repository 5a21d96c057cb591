import { currentLanguage } from "@/app/i18n";
import { BASE, serialiseQuery } from "./client";
import { ApiProblem } from "./problem";
import { session } from "./session";

interface Upload {
  path: string;
  query: object;
  file: Blob;
  /** The share that has left, 0 to 1. */
  onProgress?: (share: number) => void;
  signal?: AbortSignal;
}

/** Sends a file as the body of a POST. `fetch` tells nothing of how far it is; this does. Throws ApiProblem. */
export async function upload<T>(what: Upload): Promise<T> {
  const once = crypto.randomUUID();
  const first = await send(what, once);
  const answer = first.status === 401 && (await session.refresh()) ? await send(what, once) : first;
  const body = parsed(answer.responseText);
  if (answer.status >= 200 && answer.status < 300) return body as T;
  throw ApiProblem.of(new Response(null, { status: answer.status }), body);
}

function send({ path, query, file, onProgress, signal }: Upload, once: string): Promise<XMLHttpRequest> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("POST", `${BASE}${path}?${serialiseQuery(query)}`);
    const token = session.token();
    if (token) request.setRequestHeader("Authorization", `Bearer ${token}`);
    request.setRequestHeader("Accept-Language", currentLanguage());
    request.setRequestHeader("Content-Type", "application/octet-stream");
    request.setRequestHeader("Idempotency-Key", once);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress?.(event.loaded / event.total);
    request.onload = () => done(request);
    request.onerror = () => failed(ApiProblem.network());
    request.onabort = () => failed(new DOMException("aborted", "AbortError"));
    signal?.addEventListener("abort", () => request.abort());
    request.send(file);
  });
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
