import { Alert, Button, Group, Modal, Select, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { useTranslation } from "react-i18next";

import type { BulkResult, Ticket } from "@/api/types";
import { Problem } from "@/api/problems";
import { useAdministrators, useDepartments } from "@/lookups/lookups";
import { wordsOf } from "@/shell/problemNotice";
import { undoAssign, undoClosing, undoTransfer, type Undoing } from "@/tickets/shared/undoing";
import { useOffer } from "@/tickets/shared/useUndo";

import { useBulk, type BulkAction, type BulkWish } from "./bulk";

interface Props {
  action: BulkAction;
  tickets: Ticket[];
  onClose: () => void;
  onDone: () => void;
}

/** Asks what there is to ask, does it, and tells what came of each ticket that was refused. */
export function BulkDialog({ action, tickets, onClose, onDone }: Props) {
  const { t } = useTranslation();
  const bulk = useBulk();
  const offer = useOffer();
  const [target, setTarget] = useState<string | null>(null);
  const [refused, setRefused] = useState<BulkResult[] | null>(null);
  const wish = wishOf(action, target);

  const run = async () => {
    if (!wish) return;
    const results = await bulk.mutateAsync({ ids: tickets.map((ticket) => ticket.id), wish });
    const failed = results.filter((result) => result.problem !== null);
    const done = tickets.filter((ticket) => !failed.some((result) => result.ticket_id === ticket.id));
    if (done.length > 0) offer(t(`bulk.done.${action}`, { count: done.length }), undoAll(wish, done));
    if (failed.length > 0) setRefused(failed);
    else {
      onDone();
      onClose();
    }
  };

  return (
    <Modal opened onClose={onClose} title={t(`bulk.ask.${action}`, { count: tickets.length })}>
      {refused ? (
        <Refused refused={refused} tickets={tickets} onClose={onClose} />
      ) : (
        <Stack>
          {action === "delete" && <Text size="sm">{t("bulk.deleteText")}</Text>}
          {(action === "assign" || action === "transfer") && (
            <Target action={action} value={target} onChange={setTarget} />
          )}
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("common.cancel")}
            </Button>
            <Button
              color={action === "delete" ? "red" : "brand"}
              disabled={!wish}
              loading={bulk.isPending}
              onClick={() => void run().catch(() => undefined)}
            >
              {t(`actions.${action}`)}
            </Button>
          </Group>
        </Stack>
      )}
    </Modal>
  );
}

/** One ticket after the other; null if the domain knows no way back. */
function undoAll(wish: BulkWish, tickets: Ticket[]): Undoing | null {
  const undoings = tickets.map((ticket) => undoOne(wish, ticket)).filter((each) => each !== null);
  if (undoings.length < tickets.length) return null;
  return async () => {
    for (const undo of undoings) await undo();
  };
}

function undoOne(wish: BulkWish, ticket: Ticket): Undoing | null {
  if (wish.action === "assign") return undoAssign(ticket, wish.responsible_id ?? null);
  if (wish.action === "transfer") return undoTransfer(ticket, wish.department_id);
  return wish.action === "close" && ticket.state === "active" ? undoClosing(ticket) : null;
}

function wishOf(action: BulkAction, target: string | null): BulkWish | null {
  if (action === "assign") return target === null ? null : { action, responsible_id: target === "" ? null : target };
  if (action === "transfer") return target === null ? null : { action, department_id: target };
  return { action };
}

function Target({
  action,
  value,
  onChange,
}: {
  action: "assign" | "transfer";
  value: string | null;
  onChange: (value: string | null) => void;
}) {
  const { t } = useTranslation();
  const administrators = useAdministrators();
  const departments = useDepartments();
  const found = (action === "assign" ? administrators.data : departments.data) ?? [];
  const options = found.filter((each) => each.enabled).map((each) => ({ value: each.id, label: each.name }));
  return (
    <Select
      label={t(action === "assign" ? "columns.responsible" : "columns.department")}
      data={action === "assign" ? [{ value: "", label: t("actions.backToDepartment") }, ...options] : options}
      value={value}
      onChange={onChange}
      searchable
      data-autofocus
    />
  );
}

function Refused({ refused, tickets, onClose }: { refused: BulkResult[]; tickets: Ticket[]; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <Stack>
      <Text size="sm">{t("bulk.partly", { count: tickets.length - refused.length, refused: refused.length })}</Text>
      {refused.map((result) => {
        const ticket = tickets.find((each) => each.id === result.ticket_id);
        return (
          <Alert
            key={result.ticket_id}
            color="red"
            variant="light"
            p="xs"
            title={`#${ticket?.number ?? "?"} ${ticket?.subject ?? ""}`}
          >
            {wordsOf(new Problem(result.status, result.problem ?? {}))}
          </Alert>
        );
      })}
      <Group justify="flex-end">
        <Button onClick={onClose}>{t("common.close")}</Button>
      </Group>
    </Stack>
  );
}
