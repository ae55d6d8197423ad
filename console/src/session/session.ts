/**
 * Who is signed in. Tokens are held in memory alone; what outlives a reload is a cookie that no script can read.
 *
 * The refresh token is good for one use, so only one tab at a time uses it (Web Locks), and tells the others.
 */
import { isProblem, problemOf } from "@/api/problems";
import { reach } from "@/api/send";
import type { Identity } from "@/api/types";

export interface Signed {
  token: string;
  /** When it ends, by this machine's clock in milliseconds. */
  until: number;
  user: Identity;
}

export type SessionState =
  { status: "starting" } | { status: "out" } | { status: "in"; own: Signed; acting: Signed | null; isOver: boolean };

type Word = { kind: "renewed"; signed: Signed } | { kind: "out" };

const MARGIN = 60_000;
const PATH = "/api/accounts/session";

let state: SessionState = { status: "starting" };
const watchers = new Set<() => void>();
const others = new BroadcastChannel("helpdesk-session");
others.onmessage = ({ data }: MessageEvent<Word>) => hear(data);

export const session = {
  get: () => state,
  subscribe: (watcher: () => void) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },

  /** Go on with the session that this browser has, if it has one. */
  async start(): Promise<void> {
    const signed = await exclusively(refresh);
    if (state.status === "starting") set(signed ? entered(signed) : { status: "out" });
  },

  async signIn(email: string, password: string): Promise<void> {
    const signed = await ask(PATH, { email, password, cookie: true });
    const before = state;
    set(entered(signed));
    others.postMessage({ kind: "renewed", signed } satisfies Word);
    // What is on the screen was another's.
    if (before.status === "in" && before.own.user.id !== signed.user.id) location.assign("/");
  },

  async signOut(): Promise<void> {
    if (state.status !== "in") return;
    const { token } = state.own;
    await reach(new Request(PATH, { method: "DELETE", headers: bearer(token) }));
    set({ status: "out" });
    others.postMessage({ kind: "out" } satisfies Word);
  },

  /** Work as a client, in this tab alone. */
  async actAs(userId: string): Promise<void> {
    if (state.status !== "in") return;
    const token = await session.ownToken();
    const begun = await ask("/api/accounts/act-as", { user_id: userId }, token).catch(async (error: unknown) => {
      if (!isProblem(error, "already-acting")) throw error;
      await endActing(token); // begun in another tab, or before a reload
      return ask("/api/accounts/act-as", { user_id: userId }, token);
    });
    set({ ...state, acting: begun });
  },

  async stopActing(): Promise<void> {
    if (state.status !== "in") return;
    set({ ...state, acting: null });
    await endActing(await session.ownToken());
  },

  /** The token of whoever is worked as; renewed when it is about to end. Null when nobody is signed in. */
  async token(): Promise<string | null> {
    if (state.status !== "in") return null;
    return state.acting?.token ?? (await session.ownToken());
  },

  async ownToken(): Promise<string | null> {
    if (state.status !== "in") return null;
    if (state.isOver || state.own.until - Date.now() > MARGIN) return state.own.token;
    return session.renew(state.own.token);
  },

  /** Another token in place of one that was refused; null when the session is over, and somebody has to sign in. */
  async renew(refused: string): Promise<string | null> {
    if (state.status !== "in") return null;
    if (state.acting?.token === refused) {
      set({ ...state, acting: null }); // its time is over; the administrator is who they are again
      return null;
    }
    const signed = await exclusively(() => fresher(refused) ?? refresh());
    if (signed) return signed.token;
    endSession();
    return null;
  },
};

function endSession(): void {
  if (state.status === "in") set({ ...state, isOver: true });
}

function set(next: SessionState): void {
  state = next;
  for (const watcher of watchers) watcher();
}

function entered(own: Signed): SessionState {
  const acting = state.status === "in" && state.own.user.id === own.user.id ? state.acting : null;
  return { status: "in", own, acting, isOver: false };
}

function hear(word: Word): void {
  if (word.kind === "out") {
    if (state.status === "in") set({ status: "out" });
  } else if (state.status === "in" && state.own.user.id !== word.signed.user.id) {
    location.reload(); // somebody else signed in beside us: the cookie is theirs now
  } else {
    set(entered(word.signed));
  }
}

function fresher(refused: string): Promise<Signed> | null {
  if (state.status !== "in" || state.own.token === refused) return null;
  return Promise.resolve(state.own);
}

async function refresh(): Promise<Signed | null> {
  try {
    const signed = await ask(`${PATH}/refresh`, { cookie: true }).catch((error: unknown) => {
      // Another tab was faster, where there are no locks: the cookie is newer by now.
      if (isProblem(error, "just-refreshed")) return ask(`${PATH}/refresh`, { cookie: true });
      throw error;
    });
    if (state.status !== "starting") set(entered(signed));
    others.postMessage({ kind: "renewed", signed } satisfies Word);
    return signed;
  } catch (error) {
    if (isProblem(error) && error.status < 500 && error.status !== 429) return null;
    throw error;
  }
}

/** Locks are there on secure pages alone, that is, over HTTPS and on this machine. */
async function exclusively<T>(work: () => Promise<T>): Promise<T> {
  const locks = (navigator as { locks?: LockManager }).locks;
  return locks ? await locks.request("helpdesk-session", work) : await work();
}

async function ask(path: string, body: object, token: string | null = null): Promise<Signed> {
  const headers = { "Content-Type": "application/json", ...(token === null ? {} : bearer(token)) };
  const response = await reach(new Request(path, { method: "POST", headers, body: JSON.stringify(body) }));
  if (!response.ok) throw await problemOf(response);
  const told = (await response.json()) as { access_token: string; expires_in: number; user: Identity };
  return { token: told.access_token, until: Date.now() + told.expires_in * 1000, user: told.user };
}

async function endActing(token: string | null): Promise<void> {
  if (token === null) return;
  await reach(new Request("/api/accounts/act-as", { method: "DELETE", headers: bearer(token) }));
}

const bearer = (token: string): Record<string, string> => ({ Authorization: `Bearer ${token}` });
