import { Checkbox, UnstyledButton } from "@mantine/core";
import { useCallbackRef, useMediaQuery } from "@mantine/hooks";
import { IconArrowDown, IconArrowUp } from "@tabler/icons-react";
import { useNavigate } from "@tanstack/react-router";
import { useTable } from "@tanstack/react-table";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { COLUMN_NAMES, type ColumnName } from "./columnNames";
import { columns, features, LOOKS } from "./columns";
import { GridRow } from "./GridRow";
import classes from "./list.module.css";
import { sortedBy, sortOf, type ListSearch } from "./search";
import type { Chosen } from "./useChosen";
import { useAnchor } from "./useAnchor";
import { useColumns } from "./useColumns";
import { useListKeys } from "./useListKeys";
import type { TicketList } from "./useTicketList";

const HEIGHT = 46;
const HEIGHT_OF_CARD = 78;
const NEAR_THE_END = 20;

interface Props {
  list: TicketList;
  search: ListSearch;
  chosen: Chosen;
}

export function TicketGrid({ list, search, chosen }: Props) {
  const { t } = useTranslation();
  const scroller = useRef<HTMLDivElement>(null);
  const isNarrow = useMediaQuery("(max-width: 78em)", false, { getInitialValueInEffect: false });
  const [shown] = useColumns(search);
  const { rows } = list;
  const height = isNarrow ? HEIGHT_OF_CARD : HEIGHT;

  const table = useTable({
    features,
    columns,
    data: rows,
    getRowId: (row) => row.ticket.id,
    state: { columnVisibility: Object.fromEntries(COLUMN_NAMES.map((name) => [name, shown.includes(name)])) },
  });
  const virtual = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    getItemKey: (place) => rows[place]?.ticket.id ?? place,
    overscan: 10,
    scrollPaddingStart: 34,
  });
  const items = virtual.getVirtualItems();
  const isScrolled = useAnchor(scroller, rows, search.at, height);
  useListKeys({ rows, search, chosen, reveal: (place) => virtual.scrollToIndex(place, { align: "auto" }) });
  useEffect(() => {
    if ((items.at(-1)?.index ?? 0) >= rows.length - NEAR_THE_END) list.loadMore();
  });

  const choose = useCallbackRef(chosen.toggle);
  const day = new Date().toDateString();
  const isPast = search.as_of !== undefined; // nothing is done to what has been
  const widths = isNarrow ? "1fr" : shown.map((name) => LOOKS[name].width).join(" ");
  const template = isPast ? widths : `22px ${widths}`;
  const models = table.getRowModel().rows;
  return (
    <div
      ref={scroller}
      className={`${classes.scroller} ${isScrolled ? classes.still : ""}`}
      role="grid"
      aria-label={t("list.title")}
      aria-rowcount={list.hasMore ? -1 : rows.length + 1}
      aria-multiselectable={!isPast}
    >
      <div role="row" aria-rowindex={1} className={classes.head} style={{ gridTemplateColumns: template }}>
        {!isPast && (
          <div role="columnheader" aria-label={t("list.choose")}>
            <Checkbox
              size="xs"
              aria-label={t("list.chooseAll")}
              checked={chosen.ids.size > 0 && chosen.ids.size === rows.length}
              indeterminate={chosen.ids.size > 0 && chosen.ids.size < rows.length}
              onChange={chosen.toggleAll}
            />
          </div>
        )}
        {isNarrow ? (
          <div role="columnheader">{t("list.title")}</div>
        ) : (
          shown.map((name) => <Header key={name} name={name} search={search} />)
        )}
      </div>
      <div role="rowgroup" className={classes.body} style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const row = models[item.index];
          return (
            row && (
              <GridRow
                key={item.key}
                row={row}
                place={item.index}
                template={template}
                height={height}
                start={item.start}
                day={day}
                search={search}
                isCard={isNarrow}
                isFirst={item.index === 0 && search.at === undefined}
                isChosen={chosen.ids.has(row.id)}
                onChoose={isPast ? null : choose}
                FlexRender={table.FlexRender}
              />
            )
          );
        })}
      </div>
    </div>
  );
}

function Header({ name, search }: { name: ColumnName; search: ListSearch }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { sort: by, isFigure } = LOOKS[name];
  const now = sortOf(search);
  const isSorted = by !== undefined && now.sort === by;
  const Arrow = now.order === "asc" ? IconArrowUp : IconArrowDown;
  const sorted = isSorted ? (now.order === "asc" ? "ascending" : "descending") : undefined;
  return (
    <div role="columnheader" aria-sort={sorted} className={`${classes.cell} ${isFigure ? classes.right : ""}`}>
      {by === undefined ? (
        t(`columns.${name}`)
      ) : (
        <UnstyledButton
          className={`${classes.sorter} ${isSorted ? classes.sorted : ""}`}
          onClick={() => void navigate({ to: "/tickets", search: sortedBy(search, by) })}
        >
          {t(`columns.${name}`)}
          {isSorted && <Arrow size={13} aria-hidden />}
        </UnstyledButton>
      )}
    </div>
  );
}
