/** Weight, delay and remaining time are never stored: they follow from facts and the instant, here as on the server. */
import type { Ticket } from "@/api/types";
import { openBetween, type OpenHours } from "@/time/openHours";

/** A ticket, and the instant that its figures are of (milliseconds, by the server's clock). */
export interface Seen {
  ticket: Ticket;
  at: number;
}

export interface Figures {
  weight: number;
  minutesWaiting: number;
  /** Seconds; null if it does not wait. */
  delay: number | null;
  /** Working seconds until the deadline, below zero once overdue; null without a deadline. */
  remaining: number | null;
  isOverdue: boolean;
}

export function figuresAt({ ticket, at }: Seen, now: number, hours: OpenHours | undefined): Figures {
  const waited = ticket.waiting_since === null ? null : Math.max(0, now - Date.parse(ticket.waiting_since));
  const minutesWaiting = waited === null ? 0 : Math.floor(waited / 60_000);
  const used = openBetween(hours, at, now) / 1000;
  return {
    weight: ticket.points + minutesWaiting,
    minutesWaiting,
    delay: waited === null ? null : Math.floor(waited / 1000),
    remaining: ticket.remaining_seconds === null ? null : Math.floor(ticket.remaining_seconds - used),
    isOverdue: ticket.deadline_at !== null && Date.parse(ticket.deadline_at) < now,
  };
}

/** All that a row shows of them: durations of a minute and more are shown without their seconds. */
export function shownOf({ weight, minutesWaiting, delay, remaining, isOverdue }: Figures): string {
  return [weight, minutesWaiting, shownSeconds(delay), shownSeconds(remaining), isOverdue].join(" ");
}

function shownSeconds(seconds: number | null): string {
  if (seconds === null || Math.abs(seconds) < 60) return `${seconds} s`;
  return `${Math.trunc(seconds / 60)} min`;
}
