/** Tickets as tests need them. */
import type { Ticket } from "@/api/types";

export const START = Date.parse("2026-01-05T09:00:00Z");

export function aTicket(number: number, given: Partial<Ticket> = {}): Ticket {
  return {
    id: `t${number}`,
    number,
    subject: "Mail is late",
    user: { id: "jane", name: "Jane" },
    account: { id: "acme", name: "Acme", attitude: "good", group: null },
    project: null,
    category: { id: "mail", name: "Mail" },
    urgency: "medium",
    channel: "panel",
    waiting_since: null,
    opened_at: new Date(START).toISOString(),
    last_activity_at: new Date(START).toISOString(),
    closes_at: null,
    closed_at: null,
    close_reason: null,
    state: "active",
    weight: 0,
    points: 0,
    delay_seconds: null,
    remaining_seconds: null,
    deadline_at: null,
    overdue: false,
    responsible: null,
    department: { id: "support", name: "Support" },
    tags: [],
    unread: false,
    block: null,
    ...given,
  };
}
