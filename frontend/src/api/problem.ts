/** One field of a refused body. `pointer` is a JSON pointer into what was sent, e.g. `/phones/0/number`. */
export interface FieldProblem {
  pointer: string;
  code: string;
  detail: string;
}

/** An `application/problem+json` answer (RFC 9457), or a network failure (`status` 0, code `network`). */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string | undefined;
  readonly requestId: string | undefined;
  readonly errors: FieldProblem[];
  /** Seconds to wait before trying again, from `Retry-After`. */
  readonly retryAfter: number | undefined;
  /** The whole answer, for codes that carry more (a 412 carries the current version). */
  readonly body: Record<string, unknown>;

  constructor(status: number, body: Record<string, unknown>, retryAfter?: number) {
    const title = typeof body.title === "string" ? body.title : `HTTP ${status}`;
    super(title);
    this.name = "ApiProblem";
    this.status = status;
    this.body = body;
    this.title = title;
    this.code = typeof body.code === "string" ? body.code : status === 0 ? "network" : "internal";
    this.detail = typeof body.detail === "string" ? body.detail : undefined;
    this.requestId = typeof body.request_id === "string" ? body.request_id : undefined;
    this.errors = Array.isArray(body.errors) ? (body.errors as FieldProblem[]) : [];
    this.retryAfter = retryAfter;
  }

  static async from(response: Response): Promise<ApiProblem> {
    const body: unknown = await response.json().catch(() => ({}));
    const wait = Number(response.headers.get("Retry-After"));
    return new ApiProblem(
      response.status,
      body && typeof body === "object" ? (body as Record<string, unknown>) : {},
      Number.isFinite(wait) && wait > 0 ? wait : undefined,
    );
  }

  static network(): ApiProblem {
    return new ApiProblem(0, { code: "network" });
  }
}

export const isProblem = (error: unknown, code?: string): error is ApiProblem =>
  error instanceof ApiProblem && (code === undefined || error.code === code);
