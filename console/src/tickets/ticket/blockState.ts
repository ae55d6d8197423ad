/** What is known of the block while writing. Instants are the server's, in milliseconds. */
import type { Ticket } from "@/api/types";

export interface Held {
  kind: "held";
  token: number;
  since: number;
  until: number;
  renewedAt: number;
}

export type BlockState =
  | { kind: "none" }
  | { kind: "taking" }
  | Held
  /** What was said since one began to write is what the draft does not know of. */
  | { kind: "lost"; why: "expired" | "taken"; since: number }
  | { kind: "others"; name: string; since: number };

export const NO_BLOCK: BlockState = { kind: "none" };

/** By what the ticket itself says of who writes: another's block, or that ours was taken away. */
export function blockAfter(state: BlockState, block: Ticket["block"], me: string): BlockState {
  if (block !== null && block.holder.id !== me) {
    if (state.kind === "held" || state.kind === "lost") return { kind: "lost", why: "taken", since: state.since };
    return { kind: "others", name: block.holder.name ?? "", since: Date.parse(block.since) };
  }
  return state;
}

/** While somebody writes, after a third of the lease: so one lost request is not the end of it. */
export function shouldRenew(held: Held, lastTyped: number, now: number): boolean {
  const third = (held.until - held.renewedAt) / 3;
  return lastTyped > held.renewedAt && now > held.renewedAt + third;
}
