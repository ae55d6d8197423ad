import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useShortcut } from "@/shell/shortcuts";

import type { Row } from "./order";
import { without, type ListSearch } from "./search";
import type { Chosen } from "./useChosen";

interface Keys {
  rows: readonly Row[];
  search: ListSearch;
  chosen: Chosen;
  reveal: (place: number) => void;
}

/** The list by keyboard: the ticket that is pointed at is part of the address. */
export function useListKeys({ rows, search, chosen, reveal }: Keys): void {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const group = t("shortcuts.list");
  const place = rows.findIndex((row) => row.ticket.id === search.at);
  const ticket = rows[place]?.ticket;

  const pointAt = (next: number) => {
    const found = rows[Math.max(0, Math.min(rows.length - 1, next))];
    if (!found) return;
    reveal(rows.indexOf(found));
    void navigate({ to: "/tickets", search: { ...search, at: found.ticket.id }, replace: true });
  };
  const go = (to: ListSearch) => void navigate({ to: "/tickets", search: { ...to, at: search.at } });

  useShortcut({ keys: ["j", "ArrowDown"], label: t("shortcuts.next"), group, run: () => pointAt(place + 1) });
  useShortcut({
    keys: ["k", "ArrowUp"],
    label: t("shortcuts.previous"),
    group,
    run: () => pointAt(place < 0 ? 0 : place - 1),
  });
  useShortcut({
    keys: ["x"],
    label: t("shortcuts.choose"),
    group,
    run: () => ticket && search.as_of === undefined && chosen.toggle(ticket.id),
  });
  useShortcut({
    keys: ["o"],
    label: t("shortcuts.open"),
    group,
    run: () =>
      ticket &&
      void navigate({
        to: "/tickets/$ticketId",
        params: { ticketId: ticket.id },
        search: { ...search, at: undefined },
      }),
  });
  useShortcut({
    keys: ["f"],
    label: t("shortcuts.filterAccount"),
    group,
    run: () =>
      search.account_id === undefined
        ? ticket && go({ ...search, account_id: ticket.account.id })
        : go(without(search, "account_id")),
  });
}
