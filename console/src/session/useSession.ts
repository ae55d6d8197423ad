import { useSyncExternalStore } from "react";

import type { Identity } from "@/api/types";

import { session, type SessionState } from "./session";

export function useSession(): SessionState {
  return useSyncExternalStore(session.subscribe, session.get);
}

/** Whose rights count: the client's, while an administrator acts as one. Only below the sign-in. */
export function useIdentity(): Identity {
  const state = useSession();
  if (state.status !== "in") throw new Error("nobody is signed in");
  return (state.acting ?? state.own).user;
}

export type Right = Identity["rights"] extends (infer R)[] | undefined ? R : never;

/** Whether somebody may do this somewhere. Whether here, the service says. */
export function useMay(): (right: Right) => boolean {
  const { rights } = useIdentity();
  return (right) => rights?.includes(right) ?? false;
}
