import { Checkbox } from "@mantine/core";
import { shallowEqual } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import type { Row as TableRow, ReactTable } from "@tanstack/react-table";
import { memo, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";

import { AccountCell, DelayCell, PropertiesCell, RemainingCell, SubjectCell, WeightCell } from "./cells";
import type { ColumnName } from "./columnNames";
import { LOOKS, type features } from "./columns";
import { shownOf } from "./figures";
import classes from "./list.module.css";
import type { Row } from "./order";
import type { ListSearch } from "./search";

interface Props {
  row: TableRow<typeof features, Row>;
  place: number;
  /** As grid-template-columns has it; height and start in pixels. */
  template: string;
  height: number;
  start: number;
  /** What day it is: instants of today are shown without it. */
  day: string;
  search: ListSearch;
  isCard: boolean;
  /** Whether the keyboard enters the list here. */
  isFirst: boolean;
  isChosen: boolean;
  /** Null where there is nothing to choose for. */
  onChoose: ((id: string) => void) | null;
  FlexRender: ReactTable<typeof features, Row>["FlexRender"];
}

/** Rendered again only when it looks otherwise: time passes for all rows each second, and shows in most of them each minute. */
export const GridRow = memo(RenderedRow, looksTheSame);

function RenderedRow(props: Props) {
  const { row, search, isChosen } = props;
  const { t } = useTranslation();
  const navigate = useNavigate();
  const element = useRef<HTMLDivElement>(null);
  const { ticket } = row.original;
  const isPointed = search.at === ticket.id;
  useEffect(() => {
    if (isPointed && document.activeElement?.closest('[role="grid"], body') !== null) {
      element.current?.focus({ preventScroll: true });
    }
  }, [isPointed]);

  const open = () =>
    void navigate({ to: "/tickets/$ticketId", params: { ticketId: ticket.id }, search: { ...search, at: undefined } });
  const look = [classes.row, ticket.block && classes.blocked, isPointed && classes.pointed, isChosen && classes.chosen];
  return (
    <div
      ref={element}
      role="row"
      aria-rowindex={props.place + 2}
      aria-selected={isChosen}
      tabIndex={isPointed || props.isFirst ? 0 : -1}
      className={look.filter(Boolean).join(" ")}
      style={{
        gridTemplateColumns: props.template,
        height: props.height,
        transform: `translateY(${props.start}px)`,
      }}
      data-ticket={ticket.number}
      onClick={(event) => {
        if (!(event.target as HTMLElement).closest("a, button, input, label")) open();
      }}
      onKeyDown={(event) => {
        if (event.key === "Enter" && event.target === event.currentTarget) open();
      }}
    >
      {props.onChoose && (
        <div role="gridcell">
          <Checkbox
            size="xs"
            tabIndex={-1}
            aria-label={t("list.chooseOne", { number: ticket.number })}
            checked={isChosen}
            onChange={() => props.onChoose?.(ticket.id)}
          />
        </div>
      )}
      {props.isCard ? <Card row={row.original} /> : <Cells {...props} />}
    </div>
  );
}

function looksTheSame({ row, ...before }: Props, { row: next, ...after }: Props): boolean {
  return (
    row.original.ticket === next.original.ticket &&
    shownOf(row.original.figures) === shownOf(next.original.figures) &&
    shallowEqual(before, after)
  );
}

function Cells({ row, FlexRender }: Props) {
  return row.getVisibleCells().map((cell) => {
    const name = cell.column.id as ColumnName;
    return (
      <div
        key={cell.id}
        role="gridcell"
        data-column={name}
        className={`${classes.cell} ${LOOKS[name].isFigure ? classes.right : ""}`}
      >
        <FlexRender cell={cell} />
      </div>
    );
  });
}

/** The same where there is little room. */
function Card({ row }: { row: Row }) {
  const { t } = useTranslation();
  const { ticket } = row;
  return (
    <div role="gridcell" className={classes.card}>
      <div className={`${classes.cardLine} ${classes.spread}`}>
        <div className={classes.cardLine}>
          <SubjectCell ticket={ticket} />
        </div>
        <RemainingCell row={row} />
      </div>
      <div className={`${classes.cardLine} ${classes.spread}`}>
        <AccountCell ticket={ticket} />
        <PropertiesCell ticket={ticket} />
      </div>
      <div className={`${classes.cardLine} ${classes.soft}`}>
        #{ticket.number} · {ticket.responsible?.name ?? ticket.department?.name ?? t("list.noDepartment")} ·{" "}
        {t("columns.weight")} <WeightCell row={row} />
        <DelayCell row={row} />
      </div>
    </div>
  );
}
