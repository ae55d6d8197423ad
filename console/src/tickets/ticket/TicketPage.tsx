import { Skeleton, Stack } from "@mantine/core";
import { IconGhost, IconTrash } from "@tabler/icons-react";
import { useParams, useSearch } from "@tanstack/react-router";
import { useEffect } from "react";
import { useTranslation } from "react-i18next";

import { Problem } from "@/api/problems";
import type { TicketDetails } from "@/api/types";
import { Empty } from "@/shell/Empty";
import { Failed } from "@/shell/Failed";
import type { ListSearch } from "@/tickets/list/search";
import { PastBanner } from "@/tickets/past/PastBanner";

import { commands } from "./commands";
import { Composer } from "./Composer";
import { Conversation } from "./Conversation";
import { awaitFact } from "./reading";
import { SidePanel } from "./SidePanel";
import classes from "./ticket.module.css";
import { TicketHeader } from "./TicketHeader";
import { useTicket } from "./useTicket";

export function TicketPage() {
  const { ticketId } = useParams({ from: "/staff/tickets/$ticketId" });
  const search = useSearch({ from: "/staff/tickets/$ticketId" });
  return (
    <>
      <PastBanner search={search} ticketId={ticketId} />
      <Ticket ticketId={ticketId} search={search} />
    </>
  );
}

function Ticket({ ticketId, search }: { ticketId: string; search: ListSearch }) {
  const { data: opened, error, refetch } = useTicket(ticketId, search.as_of);
  useMarkedRead(ticketId, opened?.ticket);

  if (error instanceof Problem && error.status < 500) return <Gone error={error} />;
  if (!opened) return error ? <Failed error={error} retry={() => void refetch()} /> : <Loading />;
  return (
    <article className={classes.page} key={ticketId} aria-label={opened.ticket.subject}>
      <TicketHeader opened={opened} search={search} />
      <div className={classes.columns}>
        <div className={classes.talk}>
          <Conversation ticket={opened.ticket} />
          {search.as_of === undefined && <Composer opened={opened} />}
        </div>
        <SidePanel opened={opened} />
      </div>
    </article>
  );
}

/** Whoever may answer has read what the client wrote by opening it. */
function useMarkedRead(id: string, ticket: TicketDetails | undefined): void {
  const isUnread = ticket?.unread ?? false;
  const mayAnswer = ticket?.rights.includes("answer") ?? false;
  useEffect(() => {
    if (!isUnread || !mayAnswer) return;
    commands.markRead(id).then(
      ({ consistency }) => awaitFact(id, consistency),
      () => undefined, // it stays unread
    );
  }, [id, isUnread, mayAnswer]);
}

function Gone({ error }: { error: Problem }) {
  const { t } = useTranslation();
  return error.slug === "ticket-deleted" ? (
    <Empty icon={IconTrash} title={t("ticket.deleted", { number: String(error.members.number) })} />
  ) : (
    <Empty icon={IconGhost} title={t("ticket.missing")} text={t("ticket.missingText")} />
  );
}

function Loading() {
  const { t } = useTranslation();
  return (
    <Stack p="lg" role="status" aria-label={t("common.loading")}>
      <Skeleton height={28} width="50%" />
      <Skeleton height={90} />
      <Skeleton height={140} />
      <Skeleton height={90} width="80%" />
    </Stack>
  );
}
