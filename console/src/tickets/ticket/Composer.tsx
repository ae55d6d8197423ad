import { Alert, Button, Group, Text } from "@mantine/core";
import { IconLock, IconLockOpen } from "@tabler/icons-react";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";

import type { Told } from "@/api/client";
import type { CommandAnswer } from "@/api/types";
import { isProblem } from "@/api/problems";
import { useFormat } from "@/i18n/useFormat";
import { useIdentity } from "@/session/useSession";
import { showDone } from "@/shell/problemNotice";
import { useShortcut } from "@/shell/shortcuts";
import { serverNow, useNow } from "@/time/clock";
import { TextField } from "@/writing/TextField";
import { useUploads } from "@/writing/uploads";

import type { BlockState } from "./blockState";
import { commands, type Written } from "./commands";
import { CompareDialog } from "./CompareDialog";
import classes from "./ticket.module.css";
import type { Opened } from "./reading";
import { useCommand } from "./useTicket";
import { useWriting, type Writing } from "./useWriting";

/** Answers and notes. */
export function Composer({ opened }: { opened: Opened }) {
  const { t } = useTranslation();
  const me = useIdentity();
  const { ticket } = opened;
  const command = useCommand(ticket.id);
  const writing = useWriting(ticket, me.id, command.isPending);
  const uploads = useUploads();
  const field = useRef<HTMLTextAreaElement>(null);
  useShortcut({
    keys: ["r"],
    label: t("shortcuts.answer"),
    group: t("shortcuts.ticket"),
    run: () => field.current?.focus(),
  });
  if (!ticket.rights.includes("answer")) return null;

  const { block, text } = writing;
  const isClosed = ticket.state === "closed";
  const isReady = text.trim() !== "" && !uploads.isBusy && !command.isPending;
  const send = (work: (written: Written) => Promise<Told<CommandAnswer | undefined>>, done: string) => {
    if (!isReady) return;
    // Wherever one has gone in the meantime: what was sent is not to be found as a draft again.
    const isSent = (told: Told<CommandAnswer | undefined>) => {
      writing.sent();
      uploads.clear();
      showDone(done);
      return told;
    };
    const isRefused = (error: unknown) => {
      if (isProblem(error, "block-lost", "ticket-blocked")) writing.refused(error);
      throw error;
    };
    const written = { text, attachment_ids: uploads.ids };
    command.mutate(async () => {
      await writing.saved();
      return work(written).then(isSent, isRefused);
    });
  };
  const answer = (close: boolean) =>
    block.kind === "held" &&
    send(
      (written) => commands.answer(ticket.id, written, block.token, close),
      t(close ? "ticket.sentAndClosed" : "ticket.sent"),
    );
  const note = () =>
    send((written) => commands.note(ticket.id, written, block.kind === "held" ? block.token : null), t("ticket.noted"));

  return (
    <section
      className={`${classes.composer} ${block.kind === "held" ? classes.composerHeld : ""}`}
      aria-label={t("ticket.answer")}
    >
      <BlockLine block={block} />
      {block.kind === "none" && text !== "" && !isClosed && <DraftLine onTake={writing.take} />}
      <BlockProblem block={block} writing={writing} opened={opened} />
      <TextField
        label={t("ticket.answer")}
        placeholder={t(isClosed ? "ticket.closedPlaceholder" : "ticket.placeholder")}
        value={text}
        onChange={writing.write}
        uploads={uploads}
        onSend={() => answer(false)}
        inputRef={field}
      />
      <div className={classes.composerBar}>
        <Button size="sm" disabled={!isReady || block.kind !== "held" || isClosed} onClick={() => answer(false)}>
          {t("ticket.send")}
        </Button>
        <Button
          size="sm"
          variant="light"
          disabled={!isReady || block.kind !== "held" || isClosed}
          onClick={() => answer(true)}
        >
          {t("ticket.sendAndClose")}
        </Button>
        <Button size="sm" variant="default" disabled={!isReady} onClick={note}>
          {t("ticket.leaveNote")}
        </Button>
        <Group gap="xs" ml="auto">
          {block.kind === "held" && (
            <Button size="sm" variant="subtle" color="gray" onClick={() => void writing.stop()}>
              {t("ticket.stopWriting")}
            </Button>
          )}
          {text !== "" && (
            <Button size="sm" variant="subtle" color="red" onClick={() => void writing.discard()}>
              {t("ticket.discard")}
            </Button>
          )}
        </Group>
      </div>
    </section>
  );
}

/** What was written before is there, and not sent yet: it needs the block again. */
function DraftLine({ onTake }: { onTake: () => Promise<void> }) {
  const { t } = useTranslation();
  return (
    <div className={classes.blockLine}>
      {t("block.draft")}
      <Button size="compact-xs" variant="default" onClick={() => void onTake()}>
        {t("block.take")}
      </Button>
    </div>
  );
}

function BlockLine({ block }: { block: BlockState }) {
  const { t } = useTranslation();
  const format = useFormat();
  useNow();
  if (block.kind === "taking") return <div className={classes.blockLine}>{t("block.taking")}</div>;
  if (block.kind !== "held") return null;
  const left = Math.max(0, Math.round((block.until - serverNow()) / 1000));
  return (
    <div className={classes.blockLine}>
      <IconLock size={14} aria-hidden />
      <Text span size="xs" fw={600}>
        {t("block.held")}
      </Text>
      <Text span size="xs" c="var(--ink-soft)">
        {t("block.left", { time: format.duration(left) })}
      </Text>
    </div>
  );
}

function BlockProblem({ block, writing, opened }: { block: BlockState; writing: Writing; opened: Opened }) {
  const { t } = useTranslation();
  const format = useFormat();
  const command = useCommand(opened.ticket.id);
  if (block.kind === "others") {
    return (
      <Alert
        color="yellow"
        variant="light"
        mb="xs"
        icon={<IconLock size={18} />}
        title={t("block.others", { name: block.name })}
      >
        <Group justify="space-between" gap="xs">
          <Text size="sm">{t("block.othersText", { since: format.instant(block.since) })}</Text>
          {opened.ticket.rights.includes("unblock") && (
            <Button
              size="compact-sm"
              variant="default"
              leftSection={<IconLockOpen size={14} />}
              onClick={() => command.mutate(() => commands.unblock(opened.ticket.id))}
            >
              {t("actions.unblock")}
            </Button>
          )}
        </Group>
      </Alert>
    );
  }
  return block.kind === "lost" ? <LostBlock block={block} writing={writing} opened={opened} /> : null;
}

interface LostProps {
  block: Extract<BlockState, { kind: "lost" }>;
  writing: Writing;
  opened: Opened;
}

/** What to do about it: read what was said meanwhile, and go on with the draft once nobody else is writing. */
function LostBlock({ block, writing, opened }: LostProps) {
  const { t } = useTranslation();
  const [isComparing, setComparing] = useState(false);
  const holder = opened.ticket.block?.holder.name;
  return (
    <Alert color="red" variant="light" mb="xs" icon={<IconLockOpen size={18} />} title={t(`block.lost.${block.why}`)}>
      <Group justify="space-between" gap="xs">
        <Text size="sm">{holder ? t("block.lostTo", { name: holder }) : t("block.lostText")}</Text>
        <Group gap="xs">
          <Button size="compact-sm" variant="default" onClick={() => setComparing(true)}>
            {t("block.compare")}
          </Button>
          {!holder && (
            <Button size="compact-sm" variant="default" onClick={() => void writing.take()}>
              {t("block.takeAgain")}
            </Button>
          )}
        </Group>
      </Group>
      {isComparing && (
        <CompareDialog since={block.since} writing={writing} opened={opened} onClose={() => setComparing(false)} />
      )}
    </Alert>
  );
}
