import { Avatar, Rating, Text } from "@mantine/core";
import { IconNote } from "@tabler/icons-react";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import type { Message, OwnTicketDetails, TicketDetails } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { AttachmentList } from "@/tickets/shared/AttachmentList";

import classes from "./ticket.module.css";

/** What was said, the latest in sight. */
export function Conversation({ ticket }: { ticket: TicketDetails | OwnTicketDetails }) {
  const { t } = useTranslation();
  const end = useRef<HTMLDivElement>(null);
  const count = ticket.messages.length;
  useEffect(() => {
    end.current?.scrollIntoView({ block: "end" });
  }, [ticket.id, count]);
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- so that it can be scrolled by keyboard
    <div className={classes.messages} role="log" aria-label={t("ticket.conversation")} tabIndex={0}>
      {ticket.messages.map((message) => (
        <MessageView key={message.id} message={message} ticketId={ticket.id} />
      ))}
      <div ref={end} />
    </div>
  );
}

export function MessageView({ message, ticketId }: { message: Message; ticketId: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  const author = message.author?.name ?? t("ticket.system");
  return (
    <section
      className={`${classes.message} ${classes[message.kind]}`}
      aria-label={t(`ticket.from.${message.kind}`, { name: author })}
    >
      <Avatar size={32} name={author} color="initials" aria-hidden />
      <div className={classes.bubble}>
        <header className={classes.messageHead}>
          <Text span fw={600} size="sm">
            {author}
          </Text>
          {message.kind === "note" && (
            <span className={classes.badge}>
              <IconNote size={13} aria-hidden /> {t("ticket.note")}
            </span>
          )}
          {message.kind === "staff" && <span className={classes.badge}>{t("ticket.staff")}</span>}
          {message.acted_by && (
            <Text span size="xs" c="dimmed">
              {t("ticket.actedBy", { name: message.acted_by.name })}
            </Text>
          )}
          <Text span size="xs" c="dimmed" ml="auto" title={format.exact(message.at)}>
            <time dateTime={message.at}>{format.instant(message.at)}</time>
          </Text>
        </header>
        {/* Rendered and sanitised by the service: text, lists, quotes, code and links, nothing else. */}
        <div className={classes.text} dangerouslySetInnerHTML={{ __html: message.html }} />
        <AttachmentList ticketId={ticketId} attachments={message.attachments} />
        {message.rating && (
          <div className={classes.rated}>
            <Rating
              value={message.rating.rating}
              readOnly
              size="xs"
              aria-label={t("ticket.rated", { rating: message.rating.rating })}
            />
            {message.rating.comment && <Text size="xs">{message.rating.comment}</Text>}
          </div>
        )}
      </div>
    </section>
  );
}
