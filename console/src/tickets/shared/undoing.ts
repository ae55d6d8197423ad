/**
 * Taking back what was done, as a decision of its own on the ticket as it is now: only if what was done still stands.
 * Deleting, and what a client has been sent, cannot be taken back.
 */
import { Problem } from "@/api/problems";
import type { Ticket } from "@/api/types";
import { commands, type Edit } from "@/tickets/ticket/commands";
import { awaitFact, readTicket, type Opened } from "@/tickets/ticket/reading";

/** What a ticket was like before. */
export type Former = Pick<Ticket, "id" | "responsible" | "department" | "state">;

export type Undoing = () => Promise<void>;

export function undoAssign(former: Former, set: string | null): Undoing {
  return () =>
    takenBack(
      former.id,
      ({ ticket }) => (ticket.responsible?.id ?? null) === set,
      (now) => commands.assign(now, former.responsible?.id ?? null),
    );
}

/** Null where there is no way back: a ticket is never transferred to no department. */
export function undoTransfer(former: Former, to: string): Undoing | null {
  const from = former.department?.id;
  if (from === undefined || from === to) return null;
  return async () => {
    await takenBack(
      former.id,
      ({ ticket }) => ticket.department?.id === to,
      (now) => commands.transfer(now, from),
    );
    const responsible = former.responsible?.id;
    if (responsible !== undefined) {
      await takenBack(
        former.id,
        ({ ticket }) => ticket.responsible === null,
        (now) => commands.assign(now, responsible),
      );
    }
  };
}

export function undoClosing(former: Former): Undoing {
  const wasActive = former.state === "active";
  return () =>
    takenBack(
      former.id,
      ({ ticket }) => (ticket.state === "active") !== wasActive,
      () => (wasActive ? commands.reopen(former.id) : commands.close(former.id)),
    );
}

/** The values that an edit replaced. */
export function formerOf({ ticket }: Opened, edit: Edit): Edit {
  const all: Required<Edit> = {
    subject: ticket.subject,
    category_id: ticket.category.id,
    urgency: ticket.urgency,
    project_id: ticket.project?.id ?? null,
    tags: ticket.tags,
  };
  return Object.fromEntries(Object.keys(edit).map((name) => [name, all[name as keyof Edit]]));
}

export function undoEdit(opened: Opened, edit: Edit): Undoing {
  const former = formerOf(opened, edit);
  const isStill = (now: Opened) => JSON.stringify(formerOf(now, edit)) === JSON.stringify(edit);
  return () => takenBack(opened.ticket.id, isStill, (now) => commands.edit(now, former));
}

async function takenBack(
  id: string,
  isStill: (now: Opened) => boolean,
  work: (now: Opened) => Promise<{ consistency: string | null }>,
): Promise<void> {
  const now = await readTicket(id);
  if (!isStill(now)) throw new Problem(412, { type: "urn:helpdesk:problem:changed-meanwhile" });
  awaitFact(id, (await work(now)).consistency);
}
