/**
 * Writing an answer. The first key takes the block; it is renewed while one writes, and runs out by itself when one
 * does not. Whatever becomes of it, the text stays: here, and as the draft on the server.
 */
import { useEffect, useRef, useState } from "react";

import { isProblem, Unreachable } from "@/api/problems";
import type { CommandAnswer, TicketDetails } from "@/api/types";
import { useLiveState } from "@/live/LiveProvider";
import { showProblem } from "@/shell/problemNotice";
import { serverNow } from "@/time/clock";
import { draftKeeper } from "@/writing/draftKeeper";

import { blockAfter, NO_BLOCK, shouldRenew, type BlockState } from "./blockState";
import { commands } from "./commands";
import { useLatest } from "./useTicket";

const SAVE_AFTER = 800;

export interface Writing {
  text: string;
  block: BlockState;
  write: (text: string) => void;
  /** Take the block, or take it again after it was lost. */
  take: () => Promise<void>;
  /** Give the block up, and leave the text as the draft. */
  stop: () => Promise<void>;
  /** Give the block up, and remove what was written. */
  discard: () => Promise<void>;
  /** Once no draft is on its way any more: it would be kept after what was sent has removed it. */
  saved: () => Promise<unknown>;
  sent: () => void;
  refused: (error: unknown) => void;
}

export function useWriting(ticket: TicketDetails, me: string, isSending: boolean): Writing {
  const { id } = ticket;
  const [text, setText] = useState(() => draftKeeper.read(id));
  const [held, setBlock] = useState<BlockState>(NO_BLOCK);
  const lastTyped = useRef(0);
  const isRenewing = useRef(false);
  const isTaking = useRef(false);
  const block = blockAfter(held, ticket.block, me);

  const keep = (next: string) => {
    draftKeeper.keep(id, next);
    setText(next);
  };
  const note = (answer: CommandAnswer | undefined) => {
    if (!answer?.block) return;
    const { token, since, expires_at: expires } = answer.block;
    setBlock({ kind: "held", token, since: Date.parse(since), until: Date.parse(expires), renewedAt: serverNow() });
  };
  const refused = (error: unknown) => {
    if (isProblem(error, "block-lost")) setBlock((now) => ({ kind: "lost", why: "taken", since: sinceOf(now) }));
    else if (isProblem(error, "ticket-blocked")) setBlock(NO_BLOCK);
    // That there is no connection is said above the page, once, and not with each key.
    else if (!(error instanceof Unreachable)) showProblem(error);
  };

  const take = async () => {
    if (isTaking.current) return;
    isTaking.current = true;
    setBlock({ kind: "taking" });
    try {
      const { data } = await commands.takeBlock(id);
      note(data);
    } catch (error) {
      setBlock(NO_BLOCK);
      refused(error);
    } finally {
      isTaking.current = false;
    }
  };

  const write = (next: string) => {
    lastTyped.current = serverNow();
    keep(next);
    if (block.kind === "none" && next !== "") void take();
  };

  const release = async () => {
    if (block.kind !== "held") {
      setBlock(NO_BLOCK);
      return;
    }
    setBlock(NO_BLOCK);
    await commands.releaseBlock(id, block.token).catch(() => undefined); // it runs out by itself
  };

  // What was taken away stays taken away, also once the other has gone.
  if (block.kind === "lost" && held.kind === "held") setBlock(block);

  const saved = useDraft(id, text, keep, isSending);
  useBeat(() => {
    if (held.kind !== "held") return;
    if (serverNow() > held.until) setBlock({ kind: "lost", why: "expired", since: held.since });
    else if (!isRenewing.current && shouldRenew(held, lastTyped.current, serverNow())) {
      isRenewing.current = true;
      commands
        .renewBlock(id, held.token)
        .then((reply) => note(reply.data), refused)
        .finally(() => (isRenewing.current = false));
    }
  });
  // What is being sent needs the block, and ends it.
  useOnLeave(() => void (isSending || release()));

  return {
    text,
    block,
    write,
    take,
    stop: release,
    discard: async () => {
      keep("");
      await Promise.all([release(), commands.dropDraft(id).catch(() => undefined)]);
    },
    saved,
    sent: () => {
      keep("");
      setBlock(NO_BLOCK);
    },
    refused,
  };
}

/** Since when one has been writing, as far as it is known. */
function sinceOf(block: BlockState): number {
  return block.kind === "held" || block.kind === "lost" ? block.since : serverNow();
}

/** Begin with the draft that is kept on the server, and keep it there while writing. */
function useDraft(id: string, text: string, keep: (text: string) => void, isSending: boolean): () => Promise<unknown> {
  const begin = useLatest((draft: string) => {
    if (draftKeeper.read(id) === "") keep(draft);
  });
  useEffect(() => {
    commands.readDraft(id).then(
      ({ data }) => begin(data.text),
      () => undefined, // there is none
    );
  }, [id, begin]);
  const isLost = useLiveState().state === "lost";
  const saving = useRef<Promise<unknown>>(Promise.resolve());
  useEffect(() => {
    if (text === "" || isLost || isSending) return;
    const save = () => (saving.current = commands.saveDraft(id, text).catch(() => undefined));
    const timer = setTimeout(save, SAVE_AFTER);
    return () => clearTimeout(timer);
  }, [id, text, isLost, isSending]); // once the connection is back as well, or sending has failed
  return () => saving.current;
}

function useBeat(work: () => void): void {
  const latest = useLatest(work);
  useEffect(() => {
    const timer = setInterval(latest, 1000);
    return () => clearInterval(timer);
  }, [latest]);
}

function useOnLeave(work: () => void): void {
  const latest = useLatest(work);
  useEffect(() => latest, [latest]);
}
