/** The one place that sends requests: it adds the token, and renews a refused one once. */
import { session } from "@/session/session";

import { Unreachable } from "./problems";

export async function send(request: Request): Promise<Response> {
  const again = request.clone();
  const token = await session.token();
  const response = await sendWith(request, token);
  if (response.status !== 401 || token === null) return response;
  const renewed = await session.renew(token);
  return renewed === null ? response : sendWith(again, renewed);
}

async function sendWith(request: Request, token: string | null): Promise<Response> {
  if (token !== null) request.headers.set("Authorization", `Bearer ${token}`);
  return reach(request);
}

/** The browser's own fetch; Unreachable if nobody answers. */
export async function reach(request: Request): Promise<Response> {
  try {
    return await globalThis.fetch(request);
  } catch (error) {
    if (request.signal.aborted) throw error;
    throw new Unreachable(error);
  }
}
