/** A ticket as query has it, at least as new as the commands that were answered. */
import { answer, api, told } from "@/api/client";
import { isProblem } from "@/api/problems";
import type { TicketDetails } from "@/api/types";
import { serverNow } from "@/time/clock";

export interface Opened {
  ticket: TicketDetails;
  /** What an edit is based on. */
  etag: string;
  /** The instant that its figures are of. */
  at: number;
}

/** Facts that the next reading has to show: tokens of commands that were just answered, by ticket. */
const awaited = new Map<string, string>();

export function awaitFact(id: string, consistency: string | null): void {
  if (consistency !== null) awaited.set(id, consistency);
}

export async function readTicket(id: string, signal?: AbortSignal): Promise<Opened> {
  const after = awaited.get(id);
  const params = { path: { ticket_id: id }, query: after === undefined ? {} : { after } };
  const reply = await told(
    api.GET("/api/query/tickets/{ticket_id}", { params, ...(signal && { signal }), cache: "no-store" }),
  );
  if (awaited.get(id) === after) awaited.delete(id);
  return { ticket: reply.data as TicketDetails, etag: reply.etag ?? "*", at: serverNow() };
}

/** As it was; whoever reads it may do nothing to it there. */
export async function readPast(id: string, past: string, signal: AbortSignal): Promise<Opened> {
  const params = { path: { ticket_id: id }, query: { as_of: past } };
  const ticket = await answer(api.GET("/api/query/tickets/{ticket_id}", { params, signal }));
  return { ticket: { ...(ticket as TicketDetails), rights: [] }, etag: "*", at: Date.parse(past) };
}

const TRIES = 10;
const PAUSE = 150;

const MATTERS = ["subject", "category", "project", "urgency", "tags", "department", "responsible", "state"] as const;

/**
 * Decide on what was seen. Whatever happens to a ticket is another version of it, also that somebody has read it; if
 * nothing that matters is different, the decision holds for the version there is now.
 */
export async function asSeen<T>(opened: Opened, decide: (opened: Opened) => Promise<T>): Promise<T> {
  try {
    return await decide(opened);
  } catch (error) {
    if (!isProblem(error, "precondition-failed")) throw error;
    const now = await readLater(opened);
    if (!now || !isSame(opened.ticket, now.ticket)) throw error;
    return decide(now);
  }
}

/** A later version, which there is: query may be a moment behind. */
async function readLater({ ticket, etag }: Opened): Promise<Opened | null> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const now = await readTicket(ticket.id);
    if (now.etag !== etag) return now;
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
  }
  return null;
}

export function isSame(a: TicketDetails, b: TicketDetails): boolean {
  return MATTERS.every((name) => JSON.stringify(a[name]) === JSON.stringify(b[name]));
}
