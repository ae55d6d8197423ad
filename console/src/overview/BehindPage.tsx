import { ActionIcon, Anchor, Button, Skeleton, Table, Title, Tooltip } from "@mantine/core";
import { IconArrowLeft, IconInbox } from "@tabler/icons-react";
import type { InfiniteData, UseInfiniteQueryResult } from "@tanstack/react-query";
import { Link, type LinkProps } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/i18n/useFormat";
import { useDepartments } from "@/lookups/lookups";
import { Empty } from "@/shell/Empty";
import { Failed } from "@/shell/Failed";

import classes from "./overview.module.css";
import type { BehindSearch } from "./period";
import { Scrolled } from "./Scrolled";

/** What is behind a figure has a ticket each, and what is worth knowing of it. */
export interface Behind {
  id: string;
  ticket: { id: string; number: number; subject: string };
  cells: ReactNode[];
}

interface Props<T> {
  title: string;
  search: BehindSearch;
  heads: string[];
  query: UseInfiniteQueryResult<InfiniteData<{ items: T[] }>>;
  itemOf: (found: T) => Behind;
}

const BACK: LinkProps = { to: "/overview" };

export function BehindPage<T>({ title, search, heads, query, itemOf }: Props<T>) {
  const { t } = useTranslation();
  const items = query.data?.pages.flatMap((page) => page.items.map(itemOf));
  return (
    <div className={classes.page}>
      <div className={classes.head}>
        <Tooltip label={t("overview.back")}>
          <ActionIcon
            variant="subtle"
            color="gray"
            aria-label={t("overview.back")}
            renderRoot={(root) => <Link {...BACK} {...root} />}
          >
            <IconArrowLeft size={18} />
          </ActionIcon>
        </Tooltip>
        <Title order={1}>{title}</Title>
        <Chosen search={search} />
      </div>
      {query.error && !items ? (
        <Failed error={query.error} retry={() => void query.refetch()} />
      ) : !items ? (
        <Skeleton height={200} role="status" aria-label={t("common.loading")} />
      ) : items.length === 0 ? (
        <Empty icon={IconInbox} title={t("overview.nothing")} />
      ) : (
        <Scrolled label={title}>
          <Items heads={heads} items={items} />
        </Scrolled>
      )}
      {query.hasNextPage && (
        <Button variant="default" size="xs" onClick={() => void query.fetchNextPage()} className={classes.more ?? ""}>
          {t("common.more")}
        </Button>
      )}
    </div>
  );
}

function Items({ heads, items }: { heads: string[]; items: Behind[] }) {
  const { t } = useTranslation();
  return (
    <Table verticalSpacing="xs" highlightOnHover>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{t("overview.ticket")}</Table.Th>
          {heads.map((head) => (
            <Table.Th key={head}>{head}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {items.map(({ id, ticket, cells }) => (
          <Table.Tr key={id}>
            <Table.Td>
              <Anchor
                size="sm"
                renderRoot={(root) => (
                  <Link to="/tickets/$ticketId" params={{ ticketId: ticket.id }} search={{}} {...root} />
                )}
              >
                #{ticket.number} {ticket.subject}
              </Anchor>
            </Table.Td>
            {cells.map((cell, place) => (
              <Table.Td key={heads[place]}>{cell}</Table.Td>
            ))}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Which days, and of which department. */
function Chosen({ search }: { search: BehindSearch }) {
  const format = useFormat();
  const departments = useDepartments().data ?? [];
  const { from, to, department_id: ids = [] } = search;
  const days = [from, to].filter((day) => day !== undefined).map(format.day);
  const named = ids.map((id) => departments.find((each) => each.id === id)?.name ?? "…");
  return <span className={classes.label}>{[[...new Set(days)].join(" – "), ...named].join(" · ")}</span>;
}
