import { ActionIcon, Button, Group, Menu, Title, Tooltip } from "@mantine/core";
import {
  IconArrowLeft,
  IconChevronDown,
  IconChevronUp,
  IconDots,
  IconEyeUp,
  IconFilter,
  IconLockOpen,
  IconTrash,
} from "@tabler/icons-react";
import { Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { TicketRight } from "@/api/types";
import { session } from "@/session/session";
import { useIdentity, useMay } from "@/session/useSession";
import { showProblem } from "@/shell/problemNotice";
import { useShortcut } from "@/shell/shortcuts";
import { BulkDialog } from "@/tickets/bulk/BulkDialog";
import type { Row } from "@/tickets/list/order";
import type { ListSearch } from "@/tickets/list/search";
import { usePast } from "@/tickets/past/usePast";
import { useTicketList } from "@/tickets/list/useTicketList";
import { Properties } from "@/tickets/shared/Properties";
import { undoAssign, undoClosing } from "@/tickets/shared/undoing";
import { useUndo } from "@/tickets/shared/useUndo";

import { commands } from "./commands";
import classes from "./ticket.module.css";
import type { Opened } from "./reading";
import { useCommand } from "./useTicket";

export function TicketHeader({ opened, search }: { opened: Opened; search: ListSearch }) {
  const { t } = useTranslation();
  const { ticket } = opened;
  return (
    <header className={classes.header}>
      <Tooltip label={t("ticket.backToList")}>
        <ActionIcon
          variant="subtle"
          color="gray"
          aria-label={t("ticket.backToList")}
          renderRoot={(root) => <Link to="/tickets" search={{ ...search, at: ticket.id }} {...root} />}
        >
          <IconArrowLeft size={18} />
        </ActionIcon>
      </Tooltip>
      <div className={classes.heading}>
        <span className={classes.number}>#{ticket.number}</span>
        <Title order={1} title={ticket.subject}>
          {ticket.subject}
        </Title>
        <Properties ticket={ticket} />
      </div>
      <Actions opened={opened} />
      <Neighbours id={ticket.id} search={search} />
    </header>
  );
}

function Actions({ opened }: { opened: Opened }) {
  const { t } = useTranslation();
  const me = useIdentity();
  const { ticket } = opened;
  const may = (right: TicketRight) => ticket.rights.includes(right);
  const { mutateAsync, isPending } = useCommand(ticket.id);
  const group = t("shortcuts.ticket");
  const isMine = ticket.responsible?.id === me.id;
  const undoable = useUndo();
  const isActive = ticket.state === "active";
  const isPast = usePast() !== undefined;
  const take = () =>
    !isMine &&
    may("assign") &&
    undoable(
      mutateAsync(() => commands.take(opened)),
      t("undo.taken"),
      undoAssign(ticket, me.id),
    );
  const close = () =>
    may("answer") &&
    undoable(
      mutateAsync(() => (isActive ? commands.close(ticket.id) : commands.reopen(ticket.id))),
      t(isActive ? "undo.closed" : "undo.reopened"),
      undoClosing(ticket),
    );
  useShortcut({ keys: ["e"], label: t(isActive ? "actions.close" : "actions.reopen"), group, run: close });
  useShortcut({ keys: ["t"], label: t("actions.take"), group, run: take });
  return (
    <Group gap="xs">
      {may("assign") && !isMine && (
        <Button size="xs" variant="light" disabled={isPending} onClick={take}>
          {t("actions.take")}
        </Button>
      )}
      {may("answer") && (
        <Button size="xs" variant="default" disabled={isPending} onClick={close}>
          {t(isActive ? "actions.close" : "actions.reopen")}
        </Button>
      )}
      {!isPast && <MoreActions opened={opened} />}
    </Group>
  );
}

function MoreActions({ opened }: { opened: Opened }) {
  const { t } = useTranslation();
  const may = useMay();
  const navigate = useNavigate();
  const [isDeleting, setDeleting] = useState(false);
  const { ticket } = opened;
  const { mutate } = useCommand(ticket.id);
  return (
    <>
      <Menu position="bottom-end" width={250}>
        <Menu.Target>
          <ActionIcon variant="default" size={30} aria-label={t("actions.more")}>
            <IconDots size={16} />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            leftSection={<IconFilter size={16} />}
            onClick={() => void navigate({ to: "/tickets", search: { account_id: ticket.account.id } })}
          >
            {t("filters.onlyAccount", { name: ticket.account.name })}
          </Menu.Item>
          {may("act_as") && (
            <Menu.Item
              leftSection={<IconEyeUp size={16} />}
              onClick={() =>
                void session
                  .actAs(ticket.user.id)
                  .then(() => navigate({ to: "/panel/$ticketId", params: { ticketId: ticket.id } }), showProblem)
              }
            >
              {t("actions.actAs", { name: ticket.user.name })}
            </Menu.Item>
          )}
          {ticket.rights.includes("unblock") && ticket.block && (
            <Menu.Item
              leftSection={<IconLockOpen size={16} />}
              onClick={() => mutate(() => commands.unblock(ticket.id))}
            >
              {t("actions.unblock")}
            </Menu.Item>
          )}
          {ticket.rights.includes("delete") && (
            <>
              <Menu.Divider />
              <Menu.Item color="red" leftSection={<IconTrash size={16} />} onClick={() => setDeleting(true)}>
                {t("actions.delete")}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      {isDeleting && (
        <BulkDialog
          action="delete"
          tickets={[ticket]}
          onClose={() => setDeleting(false)}
          onDone={() => void navigate({ to: "/tickets" })}
        />
      )}
    </>
  );
}

/** Where the ticket is in the list, or was when it was last there. */
function usePlace(rows: readonly Row[], id: string): number {
  const now = rows.findIndex((row) => row.ticket.id === id);
  const [kept, keep] = useState({ id, place: now });
  if (now >= 0 && (kept.id !== id || kept.place !== now)) keep({ id, place: now });
  return kept.id === id ? kept.place : -1;
}

/** The next one, and the one before. Once a ticket has left the list, another one is in its place: that is the next. */
function neighbours(rows: readonly Row[], id: string, place: number): [Row | undefined, Row | undefined] {
  const isThere = rows[place]?.ticket.id === id;
  return isThere ? [rows[place + 1], rows[place - 1]] : [rows[Math.max(place, 0)] ?? rows[0], rows[place - 1]];
}

/** The tickets before and after this one in the list that it was opened from. */
function Neighbours({ id, search }: { id: string; search: ListSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { rows } = useTicketList(search);
  const [next, previous] = neighbours(rows, id, usePlace(rows, id));
  const go = (to: typeof next) =>
    to && void navigate({ to: "/tickets/$ticketId", params: { ticketId: to.ticket.id }, search });
  const group = t("shortcuts.ticket");
  useShortcut({ keys: ["j"], label: t("ticket.next"), group, run: () => go(next) });
  useShortcut({ keys: ["k"], label: t("ticket.previous"), group, run: () => go(previous) });
  useShortcut({
    keys: ["u", "Escape"],
    label: t("ticket.backToList"),
    group,
    run: () => void navigate({ to: "/tickets", search: { ...search, at: id } }),
  });
  return (
    <ActionIcon.Group>
      <ActionIcon
        variant="default"
        size={30}
        disabled={!previous}
        aria-label={t("ticket.previous")}
        onClick={() => go(previous)}
      >
        <IconChevronUp size={16} />
      </ActionIcon>
      <ActionIcon variant="default" size={30} disabled={!next} aria-label={t("ticket.next")} onClick={() => go(next)}>
        <IconChevronDown size={16} />
      </ActionIcon>
    </ActionIcon.Group>
  );
}
