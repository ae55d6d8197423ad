import { useQueryClient, type QueryClient } from "@tanstack/react-query";
import { createContext, use, useEffect, useState, useSyncExternalStore, type ReactNode } from "react";

import { useIdentity } from "@/session/useSession";

import { LiveStream, type LiveEvent, type LiveState } from "./stream";

const LiveContext = createContext<LiveStream | null>(null);

/** One stream for everything on the screen, for as long as somebody is who they are. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const { kind } = useIdentity();
  const [stream] = useState(() => new LiveStream(kind === "administrator" ? "counts=true&usual=true" : ""));
  const queries = useQueryClient();

  useEffect(() => {
    const stop = stream.listen((event) => note(event, queries));
    stream.start();
    return () => {
      stop();
      stream.stop();
    };
  }, [stream, queries]);

  return <LiveContext value={stream}>{children}</LiveContext>;
}

/** What was read before is old by now. */
function note(event: LiveEvent, queries: QueryClient): void {
  switch (event.kind) {
    case "anew":
      void queries.invalidateQueries();
      return;
    case "views":
      void queries.invalidateQueries({ queryKey: ["views"] });
      return;
    case "counts":
      queries.setQueryData<Record<string, number>>(["view-counts", null], (known) => ({ ...known, ...event.counts }));
      return;
    default: {
      const id = event.kind === "ticket" ? event.ticket.id : event.id;
      void queries.invalidateQueries({ queryKey: ["ticket", id] });
      void queries.invalidateQueries({ queryKey: ["own"] });
    }
  }
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

/**
 * Hear what changes: of all tickets, or of the list that a query asks for, which then has a stream of its own. The listener has
 * to stay the same between renderings (useCallback).
 */
export function useLiveEvents(listener: (event: LiveEvent) => void, query: string | null = null): void {
  const common = useStream();
  useEffect(() => {
    if (query === null) return common.listen(listener);
    const own = new LiveStream(query);
    const stop = own.listen(listener);
    own.start();
    return () => {
      stop();
      own.stop();
    };
  }, [common, listener, query]);
}
