import { Skeleton } from "@mantine/core";
import { IconCoffee } from "@tabler/icons-react";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";

import { Empty } from "@/shell/Empty";
import { Failed } from "@/shell/Failed";
import { BulkBar } from "@/tickets/bulk/BulkBar";
import { PastBanner } from "@/tickets/past/PastBanner";

import { ListActionsContext } from "./actions";
import { FilterChips } from "./FilterChips";
import classes from "./list.module.css";
import { ListToolbar } from "./ListToolbar";
import type { ListSearch } from "./search";
import { TicketGrid } from "./TicketGrid";
import { useChosen } from "./useChosen";
import { useTicketList } from "./useTicketList";

export function TicketListPage() {
  const search = useSearch({ from: "/staff/tickets" });
  const navigate = useNavigate();
  const list = useTicketList(search);
  const chosen = useChosen(search, list.rows);
  const actions = useMemo(
    () => ({
      search,
      narrow: (filters: ListSearch) =>
        void navigate({ to: "/tickets", search: { ...search, ...filters, at: undefined } }),
    }),
    [search, navigate],
  );
  return (
    <ListActionsContext value={actions}>
      <section className={classes.page}>
        <PastBanner search={search} />
        <ListToolbar search={search} />
        <FilterChips search={search} />
        {list.isLoading ? (
          <Loading />
        ) : list.error ? (
          <Failed error={list.error} retry={list.retry} />
        ) : list.rows.length === 0 ? (
          <Nothing />
        ) : (
          <TicketGrid
            key={JSON.stringify({ ...search, at: null, columns: null })}
            list={list}
            search={search}
            chosen={chosen}
          />
        )}
        {search.as_of === undefined && <BulkBar chosen={chosen} rows={list.rows} />}
      </section>
    </ListActionsContext>
  );
}

function Nothing() {
  const { t } = useTranslation();
  return <Empty icon={IconCoffee} title={t("list.empty")} text={t("list.emptyText")} />;
}

function Loading() {
  const { t } = useTranslation();
  return (
    <div role="status" aria-label={t("common.loading")} className={classes.scroller}>
      {Array.from({ length: 14 }, (_, place) => (
        <Skeleton key={place} height={18} mx="md" my={13} width={`${96 - ((place * 7) % 23)}%`} radius="sm" />
      ))}
    </div>
  );
}
