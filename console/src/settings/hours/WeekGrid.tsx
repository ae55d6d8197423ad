import { useRef, useState, type KeyboardEvent, type PointerEvent } from "react";
import { useTranslation } from "react-i18next";

import classes from "./hours.module.css";
import { DAYS, isOpen, isTouched, painted, timeOf, type Week } from "./week";

const SLOT = 30;
const SLOTS = 48;

interface Props {
  week: Week;
  onChange: (week: Week) => void;
}

interface Cell {
  day: number;
  slot: number;
}

/**
 * The week, painted with a pointer or by the arrow keys and space (with shift held, what is passed over is painted, too).
 * A stroke paints what its first cell was not.
 */
export function WeekGrid({ week, onChange }: Props) {
  const { t } = useTranslation();
  const grid = useRef<HTMLDivElement>(null);
  const [at, setAt] = useState<Cell>({ day: 0, slot: 18 });
  const [stroke, setStroke] = useState<{ open: boolean; last: Cell } | null>(null);
  const isOn = ({ day, slot }: Cell) => isOpen(week, day, slot * SLOT, (slot + 1) * SLOT);
  const paint = (from: Cell, to: Cell, open: boolean) => onChange(stretch(week, from, to, open));

  const begin = (event: PointerEvent) => {
    const cell = cellOf(event.target);
    if (!cell || event.button !== 0) return;
    event.preventDefault();
    grid.current?.setPointerCapture(event.pointerId);
    const open = !isOn(cell);
    setAt(cell);
    setStroke({ open, last: cell });
    paint(cell, cell, open);
  };
  const go = (event: PointerEvent) => {
    if (!stroke) return;
    const cell = cellOf(document.elementFromPoint(event.clientX, event.clientY));
    if (!cell || (cell.day === stroke.last.day && cell.slot === stroke.last.slot)) return;
    setStroke({ ...stroke, last: cell });
    paint(stroke.last, cell, stroke.open);
  };
  const press = (event: KeyboardEvent) => {
    if (event.key === " " || event.key === "Enter") {
      event.preventDefault();
      paint(at, at, !isOn(at));
      return;
    }
    const next = stepped(at, event.key);
    if (!next) return;
    event.preventDefault();
    if (event.shiftKey) paint(at, next, isOn(at));
    setAt(next);
    grid.current?.querySelector<HTMLElement>(`[data-cell="${next.day} ${next.slot}"]`)?.focus();
  };

  return (
    <div className={classes.scroller}>
      {/* eslint-disable-next-line jsx-a11y/interactive-supports-focus -- its cells take the focus, one at a time */}
      <div
        ref={grid}
        role="grid"
        aria-label={t("settings.hours.grid")}
        aria-multiselectable
        className={classes.grid}
        onPointerDown={begin}
        onPointerMove={go}
        onPointerUp={() => setStroke(null)}
        onPointerCancel={() => setStroke(null)}
        onKeyDown={press}
      >
        <div role="row" className={classes.scale}>
          <span role="columnheader">
            <span className="visually-hidden">{t("settings.hours.day")}</span>
          </span>
          {Array.from({ length: SLOTS }, (_, slot) => (
            <span key={slot} role="columnheader">
              <span className="visually-hidden">{timeOf(slot * SLOT)}</span>
              {slot % 4 === 0 && <span aria-hidden>{timeOf(slot * SLOT).slice(0, 2)}</span>}
            </span>
          ))}
        </div>
        {DAYS.map((name, day) => (
          <div key={name} role="row" className={classes.day}>
            <span role="rowheader">{t(`settings.days.${name}`)}</span>
            {Array.from({ length: SLOTS }, (_, slot) => (
              <Slot
                key={slot}
                cell={{ day, slot }}
                week={week}
                isFocused={at.day === day && at.slot === slot}
                onFocus={setAt}
              />
            ))}
          </div>
        ))}
      </div>
    </div>
  );
}

interface SlotProps {
  cell: Cell;
  week: Week;
  isFocused: boolean;
  onFocus: (cell: Cell) => void;
}

function Slot({ cell: { day, slot }, week, isFocused, onFocus }: SlotProps) {
  const { t } = useTranslation();
  const [from, to] = [slot * SLOT, (slot + 1) * SLOT];
  const whole = isOpen(week, day, from, to);
  const look = whole ? "open" : isTouched(week, day, from, to) ? "part" : "closed";
  return (
    <span
      role="gridcell"
      tabIndex={isFocused ? 0 : -1}
      aria-selected={whole}
      aria-label={`${t(`settings.days.${DAYS[day] ?? "mon"}`)} ${timeOf(from)}: ${t(`settings.hours.looks.${look}`)}`}
      data-cell={`${day} ${slot}`}
      data-look={look}
      onFocus={() => onFocus({ day, slot })}
    />
  );
}

/** Every cell of the rectangle between two. */
function stretch(week: Week, one: Cell, other: Cell, open: boolean): Week {
  const [top, bottom] = [Math.min(one.day, other.day), Math.max(one.day, other.day)];
  const from = Math.min(one.slot, other.slot) * SLOT;
  const to = (Math.max(one.slot, other.slot) + 1) * SLOT;
  let result = week;
  for (let day = top; day <= bottom; day += 1) result = painted(result, day, from, to, open);
  return result;
}

function stepped({ day, slot }: Cell, key: string): Cell | null {
  const steps: Record<string, Cell> = {
    ArrowLeft: { day, slot: Math.max(0, slot - 1) },
    ArrowRight: { day, slot: Math.min(SLOTS - 1, slot + 1) },
    ArrowUp: { day: Math.max(0, day - 1), slot },
    ArrowDown: { day: Math.min(DAYS.length - 1, day + 1), slot },
    Home: { day, slot: 0 },
    End: { day, slot: SLOTS - 1 },
  };
  return steps[key] ?? null;
}

function cellOf(target: EventTarget | null): Cell | null {
  const told = target instanceof HTMLElement ? target.dataset.cell : undefined;
  if (told === undefined) return null;
  const [day = 0, slot = 0] = told.split(" ").map(Number);
  return { day, slot };
}
