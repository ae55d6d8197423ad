/** Answers that come line by line (NDJSON), while the service is still at work. */
import { useEffect, useRef, useState } from "react";

export async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator {
  const reader = body.pipeThrough(new TextDecoderStream() as ReadableWritablePair<string, Uint8Array>).getReader();
  let rest = "";
  for (;;) {
    const { done, value } = await reader.read();
    const parts = (rest + (value ?? "")).split("\n");
    rest = parts.pop() ?? "";
    for (const part of parts) if (part.trim() !== "") yield JSON.parse(part);
    if (done) break;
  }
  if (rest.trim() !== "") yield JSON.parse(rest);
}

/** What is read line by line, and what each line is. */
export interface Lines<L> extends ReadableStream<Uint8Array> {
  readonly line?: L;
}

export interface Trial<L> {
  isRunning: boolean;
  /** The line that was told last. */
  line: L | null;
  error: unknown;
}

/** Runs what is told line by line; another run, or leaving, stops the one before. */
export function useTrial<L>(ask: (signal: AbortSignal) => Promise<Lines<L>>) {
  const [trial, setTrial] = useState<Trial<L>>({ isRunning: false, line: null, error: null });
  const running = useRef<AbortController>(null);
  useEffect(() => () => running.current?.abort(), []);
  const stop = () => {
    running.current?.abort();
    setTrial((before) => ({ ...before, isRunning: false }));
  };
  const run = async () => {
    running.current?.abort();
    const mine = new AbortController();
    running.current = mine;
    setTrial({ isRunning: true, line: null, error: null });
    try {
      const body = await ask(mine.signal);
      for await (const line of linesOf(body)) setTrial({ isRunning: true, line: line as L, error: null });
      setTrial((before) => ({ ...before, isRunning: false }));
    } catch (error) {
      if (!mine.signal.aborted) setTrial({ isRunning: false, line: null, error });
    }
  };
  return { ...trial, run: () => void run(), stop };
}
