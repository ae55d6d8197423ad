/** What a service refuses, as RFC 9457 tells it. */
export class Problem extends Error {
  readonly status: number;
  /** The last part of `type`: `block-lost`, `ticket-closed`, … */
  readonly slug: string;
  readonly members: Readonly<Record<string, unknown>>;

  constructor(status: number, body: Record<string, unknown>) {
    const title = typeof body.title === "string" ? body.title : `HTTP ${status}`;
    super(typeof body.detail === "string" ? body.detail : title);
    this.name = "Problem";
    this.status = status;
    this.slug = typeof body.type === "string" ? (body.type.split(":").at(-1) ?? "") : "";
    this.members = body;
  }
}

/** Nobody answered: the network or the server is away. */
export class Unreachable extends Error {
  constructor(cause: unknown) {
    super("unreachable", { cause });
    this.name = "Unreachable";
  }
}

export function isProblem(error: unknown, ...slugs: string[]): error is Problem {
  return error instanceof Problem && (slugs.length === 0 || slugs.includes(error.slug));
}

export async function problemOf(response: Response, body?: unknown): Promise<Problem> {
  const told: unknown = body ?? (await response.json().catch(() => ({})));
  return new Problem(response.status, isRecord(told) ? told : {});
}

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
