import { ActionIcon, Text } from "@mantine/core";
import { IconFilter, IconLock } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import type { Ticket } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { tip } from "@/shell/Tips";
import { Properties } from "@/tickets/shared/Properties";
import { RemainingTime } from "@/tickets/shared/RemainingTime";
import { WeightBreakdown } from "@/tickets/shared/WeightBreakdown";

import { useListActions } from "./actions";
import classes from "./list.module.css";
import type { Row } from "./order";

export function SubjectCell({ ticket }: { ticket: Ticket }) {
  const { search } = useListActions();
  return (
    <>
      {ticket.block && <BlockSign block={ticket.block} />}
      <Link
        to="/tickets/$ticketId"
        params={{ ticketId: ticket.id }}
        search={{ ...search, at: undefined }}
        className={`${classes.subject} ${ticket.unread ? classes.unread : ""}`}
        tabIndex={-1}
        title={ticket.subject}
      >
        {ticket.subject}
      </Link>
      <Tags tags={ticket.tags} />
    </>
  );
}

/** The first one, and how many more there are: the subject needs the room. */
function Tags({ tags }: { tags: string[] }) {
  if (tags.length === 0) return null;
  return (
    <span className={classes.tag} title={tags.join(", ")}>
      {tags[0]}
      {tags.length > 1 && ` +${tags.length - 1}`}
    </span>
  );
}

function BlockSign({ block }: { block: NonNullable<Ticket["block"]> }) {
  const { t } = useTranslation();
  const format = useFormat();
  const label = t("list.blocked", { name: block.holder.name, since: format.instant(block.since) });
  return (
    <span className={classes.lock} role="img" aria-label={label} {...tip(label)}>
      <IconLock size={15} stroke={2.2} />
    </span>
  );
}

export function AccountCell({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  const { narrow, search } = useListActions();
  const isNarrowed = search.account_id === ticket.account.id;
  const only = t("filters.onlyAccount", { name: ticket.account.name });
  return (
    <div className={classes.account}>
      <div className={classes.twoLines}>
        <span className={classes.clip}>{ticket.account.name}</span>
        <span className={classes.soft}>{ticket.user.name}</span>
      </div>
      {!isNarrowed && (
        <ActionIcon
          className={classes.onHover ?? ""}
          size="sm"
          variant="subtle"
          color="gray"
          tabIndex={-1}
          aria-label={only}
          onClick={(event) => {
            event.stopPropagation();
            narrow({ account_id: ticket.account.id });
          }}
          {...tip(only)}
        >
          <IconFilter size={14} />
        </ActionIcon>
      )}
    </div>
  );
}

export function WeightCell({ row }: { row: Row }) {
  const format = useFormat();
  return (
    <WeightBreakdown ticketId={row.ticket.id} minutes={row.figures.minutesWaiting} tabIndex={-1}>
      {format.number(row.figures.weight)}
    </WeightBreakdown>
  );
}

export function DelayCell({ row }: { row: Row }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (row.figures.delay === null || row.ticket.waiting_since === null) return null;
  return (
    <span
      className={classes.figure}
      {...tip(t("list.waitingSince", { since: format.exact(row.ticket.waiting_since) }))}
    >
      {format.duration(row.figures.delay)}
    </span>
  );
}

export function InstantCell({ at }: { at: string }) {
  const format = useFormat();
  return (
    <span className={classes.figure} title={format.exact(at)}>
      {format.instant(at)}
    </span>
  );
}

export function RemainingCell({ row }: { row: Row }) {
  return <RemainingTime ticket={row.ticket} figures={row.figures} />;
}

export function ResponsibleCell({ ticket }: { ticket: Ticket }) {
  const { t } = useTranslation();
  if (ticket.responsible) {
    return (
      <div className={classes.twoLines}>
        <span className={classes.clip}>{ticket.responsible.name}</span>
        <span className={classes.soft}>{ticket.department?.name}</span>
      </div>
    );
  }
  return (
    <Text span size="sm" c="dimmed" fs={ticket.department ? "normal" : "italic"} className={classes.clip ?? ""}>
      {ticket.department?.name ?? t("list.noDepartment")}
    </Text>
  );
}

export function PropertiesCell({ ticket }: { ticket: Ticket }) {
  return <Properties ticket={ticket} />;
}
