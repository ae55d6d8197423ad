import { useQueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";

import { LiveStream, type LiveEvent, type LiveState } from "./stream";

const LiveContext = createContext<LiveStream | null>(null);

/** One stream for everything on the screen, for as long as somebody is who they are. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const [stream] = useState(() => new LiveStream());
  const queries = useQueryClient();

  useEffect(() => {
    const stop = stream.listen((event) => {
      if (event.kind === "anew") void queries.invalidateQueries();
      else {
        const id = event.kind === "ticket" ? event.ticket.id : event.id;
        void queries.invalidateQueries({ queryKey: ["ticket", id] });
        void queries.invalidateQueries({ queryKey: ["own"] });
      }
    });
    stream.start();
    return () => {
      stop();
      stream.stop();
    };
  }, [stream, queries]);

  return <LiveContext value={stream}>{children}</LiveContext>;
}

function useStream(): LiveStream {
  const stream = use(LiveContext);
  if (!stream) throw new Error("outside of LiveProvider");
  return stream;
}

export function useLiveState(): { state: LiveState; hurry: () => void } {
  const stream = useStream();
  const state = useSyncExternalStore(stream.subscribe, () => stream.state);
  return { state, hurry: stream.hurry };
}

/** Hear what changes. The listener has to stay the same between renderings (useCallback). */
export function useLiveEvents(listener: (event: LiveEvent) => void): void {
  const stream = useStream();
  useEffect(() => stream.listen(listener), [stream, listener]);
}
