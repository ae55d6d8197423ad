import { ActionIcon, Button, Group, Rating, Skeleton, Stack, Text, Title } from "@mantine/core";
import { IconArrowLeft, IconGhost } from "@tabler/icons-react";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { answer, api, type Told } from "@/api/client";
import { Problem } from "@/api/problems";
import type { CommandAnswer, Message, OwnTicketDetails } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { Empty } from "@/shell/Empty";
import { Failed } from "@/shell/Failed";
import { showDone } from "@/shell/problemNotice";
import { commands } from "@/tickets/ticket/commands";
import { MessageView } from "@/tickets/ticket/Conversation";
import { draftKeeper } from "@/writing/draftKeeper";
import { TextField } from "@/writing/TextField";
import { useUploads } from "@/writing/uploads";

import { Status } from "./OwnTickets";
import classes from "./panel.module.css";

export function OwnTicket() {
  const { t } = useTranslation();
  const { ticketId } = useParams({ from: "/panel/$ticketId" });
  const {
    data: ticket,
    error,
    refetch,
  } = useQuery({
    queryKey: ["own", "ticket", ticketId],
    queryFn: async ({ signal }) =>
      (await answer(
        api.GET("/api/query/tickets/{ticket_id}", { params: { path: { ticket_id: ticketId } }, signal }),
      )) as OwnTicketDetails,
  });
  useMarkedRead(ticket);

  if (error instanceof Problem && error.status < 500) return <Empty icon={IconGhost} title={t("ticket.missing")} />;
  if (!ticket) return error ? <Failed error={error} retry={() => void refetch()} /> : <Skeleton height={220} />;
  return (
    <article key={ticket.id}>
      <div className={classes.titleLine}>
        <Group gap="sm" wrap="nowrap" align="flex-start">
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("ticket.backToList")}
            renderRoot={(root) => (
              <Link to="/panel" search={ticket.state === "closed" ? { state: "closed" } : {}} {...root} />
            )}
          >
            <IconArrowLeft size={18} />
          </ActionIcon>
          <div>
            <Title order={1}>{ticket.subject}</Title>
            <Text size="sm" c="dimmed">
              #{ticket.number} · {ticket.category.name} · {t(`urgency.${ticket.urgency}`)}
            </Text>
          </div>
        </Group>
        <Status ticket={ticket} />
      </div>
      <Expected ticket={ticket} />
      {ticket.messages.map((message) => (
        <div key={message.id}>
          <MessageView message={message} ticketId={ticket.id} />
          {message.kind === "staff" && !message.rating && <Rate ticketId={ticket.id} message={message} />}
        </div>
      ))}
      <Reply ticket={ticket} />
    </article>
  );
}

function useOwnCommand() {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: (command: () => Promise<Told<CommandAnswer | undefined>>) => command(),
    onSettled: () => queries.invalidateQueries({ queryKey: ["own"] }),
  });
}

function useMarkedRead(ticket: OwnTicketDetails | undefined): void {
  const id = ticket?.id;
  const isUnread = (ticket?.unread_answers ?? 0) > 0;
  useEffect(() => {
    if (id !== undefined && isUnread) void commands.markRead(id).catch(() => undefined);
  }, [id, isUnread]);
}

function Expected({ ticket }: { ticket: OwnTicketDetails }) {
  const { t } = useTranslation();
  const format = useFormat();
  const { data } = useQuery({
    queryKey: ["own", "estimate", ticket.id],
    queryFn: () =>
      answer(api.GET("/api/sla/tickets/{ticket_id}/estimate", { params: { path: { ticket_id: ticket.id } } })),
    enabled: ticket.waiting_since !== null,
    refetchInterval: 60_000,
  });
  if (ticket.closes_at)
    return (
      <Text size="sm" mb="md">
        {t("panel.closesAt", { at: format.instant(ticket.closes_at) })}
      </Text>
    );
  if (ticket.waiting_since === null || !data?.expected_by) return null;
  return (
    <Text size="sm" c="dimmed" mb="md">
      {t("panel.expected", { at: format.instant(data.expected_by) })}
    </Text>
  );
}

function Rate({ ticketId, message }: { ticketId: string; message: Message }) {
  const { t } = useTranslation();
  const command = useOwnCommand();
  return (
    <Group gap="xs" justify="flex-end" mt={-8} mb="md">
      <Text size="xs" c="dimmed">
        {t("panel.rate")}
      </Text>
      <Rating
        size="sm"
        aria-label={t("panel.rate")}
        getSymbolLabel={(stars) => t("ticket.rated", { rating: stars })}
        readOnly={command.isPending}
        onChange={(stars) =>
          command.mutate(() => commands.rate(ticketId, message.id, stars, null), {
            onSuccess: () => showDone(t("panel.thanks")),
          })
        }
      />
    </Group>
  );
}

function Reply({ ticket }: { ticket: OwnTicketDetails }) {
  const { t } = useTranslation();
  const [text, setText] = useState(() => draftKeeper.read(ticket.id));
  const uploads = useUploads();
  const command = useOwnCommand();
  const isClosed = ticket.state === "closed";
  const write = (next: string) => {
    draftKeeper.keep(ticket.id, next);
    setText(next);
  };
  const send = () => {
    if (text.trim() === "" || uploads.isBusy || command.isPending) return;
    // Wherever one has gone in the meantime: what was sent is not to be found as a draft again.
    const isSent = <T,>(told: T) => {
      write("");
      uploads.clear();
      return told;
    };
    command.mutate(() => commands.reply(ticket.id, { text, attachment_ids: uploads.ids }).then(isSent));
  };
  return (
    <Stack gap="sm" className={classes.card ?? ""} mt="lg">
      <TextField
        label={t("panel.reply")}
        placeholder={t(isClosed ? "panel.replyReopens" : "panel.reply")}
        value={text}
        onChange={write}
        uploads={uploads}
        onSend={send}
      />
      <Group>
        <Button disabled={text.trim() === "" || uploads.isBusy} loading={command.isPending} onClick={send}>
          {t("panel.send")}
        </Button>
        <Button
          variant="default"
          disabled={command.isPending}
          onClick={() => command.mutate(() => (isClosed ? commands.reopen(ticket.id) : commands.close(ticket.id)))}
        >
          {t(isClosed ? "actions.reopen" : "panel.close")}
        </Button>
      </Group>
    </Stack>
  );
}
