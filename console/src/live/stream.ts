/**
 * What changes, as it changes: server-sent events by fetch, because EventSource sends no Authorization header.
 *
 * After a cut it goes on from the last event seen, at growing intervals. A stream that says nothing, not even that it
 * is alive, for longer than SILENCE is taken for dead.
 */
import { EventSourceParserStream } from "eventsource-parser/stream";

import { send } from "@/api/send";
import type { OwnTicket, Ticket } from "@/api/types";

export type LiveState = "connecting" | "live" | "lost";

export type LiveEvent =
  | { kind: "ticket"; ticket: Ticket | OwnTicket }
  | { kind: "gone"; id: string }
  /** How many tickets those views have now whose counts have changed. */
  | { kind: "counts"; counts: Record<string, number> }
  /** One's views have changed. */
  | { kind: "views" }
  /** All that is on the screen may be old: names changed, or what was missed is not known. */
  | { kind: "anew" };

const SILENCE = 40_000;
const SHORTEST = 500;
const LONGEST = 15_000;

export class LiveStream {
  state: LiveState = "connecting";
  private readonly listeners = new Set<(event: LiveEvent) => void>();
  private readonly watchers = new Set<() => void>();
  private lastEventId: string | null = null;
  private wait = SHORTEST;
  private current: AbortController | null = null;
  private wake: () => void = () => undefined;
  private isRunning = false;

  /** Of all tickets that one sees, or of the list that `query` asks for. */
  constructor(private readonly query = "") {}

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  listen(listener: (event: LiveEvent) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  start(): void {
    this.isRunning = true;
    window.addEventListener("online", this.hurry);
    window.addEventListener("offline", this.drop);
    void this.run();
  }

  stop(): void {
    this.isRunning = false;
    window.removeEventListener("online", this.hurry);
    window.removeEventListener("offline", this.drop);
    this.current?.abort();
    this.wake();
  }

  /** Try again at once. */
  readonly hurry = (): void => {
    this.wait = SHORTEST;
    this.wake();
  };

  private readonly drop = (): void => this.current?.abort();

  private async run(): Promise<void> {
    for (;;) {
      await this.read().catch(() => undefined);
      if (!this.isRunning) return;
      // An ordinary end, as after an hour of a token, is no loss yet.
      this.become(this.wait > SHORTEST * 2 || !navigator.onLine ? "lost" : "connecting");
      await this.pause();
    }
  }

  private async read(): Promise<void> {
    const controller = (this.current = new AbortController());
    let alarm = setTimeout(() => controller.abort(), SILENCE);
    try {
      const response = await send(this.request(controller.signal));
      if (!response.ok || !response.body) throw new Error(`HTTP ${response.status}`);
      this.become("live");
      this.wait = SHORTEST;
      const heard = new TransformStream<Uint8Array, Uint8Array>({
        transform: (chunk, to) => {
          clearTimeout(alarm);
          alarm = setTimeout(() => controller.abort(), SILENCE);
          to.enqueue(chunk);
        },
      });
      const decoder = new TextDecoderStream() as unknown as TransformStream<Uint8Array, string>;
      const events = response.body.pipeThrough(heard).pipeThrough(decoder).pipeThrough(new EventSourceParserStream());
      for (const reader = events.getReader(); ;) {
        const { done, value } = await reader.read();
        if (done) return;
        this.take(value.event ?? "", value.data, value.id ?? null);
      }
    } finally {
      clearTimeout(alarm);
      controller.abort();
    }
  }

  private request(signal: AbortSignal): Request {
    const headers = this.lastEventId === null ? {} : { "Last-Event-ID": this.lastEventId };
    return new Request(new URL(`/api/query/live?${this.query}`, location.origin), {
      headers,
      signal,
      cache: "no-store",
    });
  }

  private take(event: string, data: string, id: string | null): void {
    if (id !== null) this.lastEventId = id;
    const told = liveEvent(event, data);
    if (told) for (const listener of this.listeners) listener(told);
  }

  private async pause(): Promise<void> {
    const time = this.wait * (0.5 + Math.random() / 2);
    this.wait = Math.min(this.wait * 2, LONGEST);
    await new Promise<void>((resolve) => {
      this.wake = resolve;
      setTimeout(resolve, time);
    });
  }

  private become(state: LiveState): void {
    if (this.state === state) return;
    this.state = state;
    for (const watcher of this.watchers) watcher();
  }
}

/** `ready` means that what came before the stream is not known here, so it is `anew`, too. */
export function liveEvent(event: string, data: string): LiveEvent | null {
  if (event === "ready" || event === "refresh" || event === "reset") return { kind: "anew" };
  if (event === "views") return { kind: "views" };
  if (event === "counts") return { kind: "counts", counts: JSON.parse(data) as Record<string, number> };
  if (event !== "ticket") return null;
  const told = JSON.parse(data) as { id: string; gone?: true; out?: true };
  return told.gone || told.out ? { kind: "gone", id: told.id } : { kind: "ticket", ticket: told as Ticket | OwnTicket };
}
