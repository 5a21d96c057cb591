import type { Schema } from "./types";

/** One field of a refused body. `pointer` is a JSON pointer into what was sent, e.g. `/phones/0/number`. */
export type FieldProblem = Schema<"ProblemField">;

/** What the server says of a refusal; less when something between here and there answered instead. */
type Body = Partial<Schema<"Problem">>;

/** An `application/problem+json` answer (RFC 9457), or a network failure (`status` 0, code `network`). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly errors: FieldProblem[];
  /** With the code `merged`: the record that took the place of the one asked for. */
  readonly mergedInto: string | undefined;
  /** Seconds to wait before trying again, from `Retry-After`. */
  readonly retryAfter: number | undefined;

  constructor(status: number, body: Body, retryAfter?: number) {
    const title = body.title ?? `HTTP ${status}`;
    super(title);
    this.name = "ApiProblem";
    this.status = status;
    this.title = title;
    this.code = body.code ?? (status === 0 ? "network" : "internal");
    this.detail = body.detail ?? undefined;
    this.requestId = body.request_id;
    this.errors = body.errors ?? [];
    this.mergedInto = body.merged_into ?? undefined;
    this.retryAfter = retryAfter;
  }

  /** The problem an answer tells of; `body` as it was read. */
  static of(response: Response, body: unknown): ApiProblem {
    const wait = Number(response.headers.get("Retry-After"));
    return new ApiProblem(
      response.status,
      body && typeof body === "object" ? body : {},
      wait > 0 ? wait : undefined,
    );
  }

  static async from(response: Response): Promise<ApiProblem> {
    return ApiProblem.of(response, await response.json().catch(() => ({})));
  }

  static network(): ApiProblem {
    return new ApiProblem(0, { code: "network" });
  }
}

export const isProblem = (error: unknown, code?: string): error is ApiProblem =>
  error instanceof ApiProblem && (code === undefined || error.code === code);
