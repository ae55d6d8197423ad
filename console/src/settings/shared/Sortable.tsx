import {
  closestCenter,
  DndContext,
  KeyboardSensor,
  PointerSensor,
  useSensor,
  useSensors,
  type Announcements,
  type DragEndEvent,
} from "@dnd-kit/core";
import {
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from "@dnd-kit/sortable";
import { CSS } from "@dnd-kit/utilities";
import { ActionIcon } from "@mantine/core";
import { IconArrowDown, IconArrowUp, IconGripVertical } from "@tabler/icons-react";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import classes from "../settings.module.css";

interface Thing {
  id: string;
  name: string;
  enabled?: boolean;
}

interface Props<T extends Thing> {
  label: string;
  items: readonly T[];
  /** Called with places in `items`. */
  onMove: (from: number, to: number) => void;
  row: (item: T) => ReactNode;
}

/** A list put in order by dragging, by the keyboard on a handle, or by its buttons. */
export function Sortable<T extends Thing>({ label, items, onMove, row }: Props<T>) {
  const { t } = useTranslation();
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  );
  const placeOf = (id: string | number) => items.findIndex((each) => each.id === id);
  const end = ({ active, over }: DragEndEvent) => {
    if (over && active.id !== over.id) onMove(placeOf(active.id), placeOf(over.id));
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      onDragEnd={end}
      accessibility={{
        announcements: useAnnouncements(items),
        screenReaderInstructions: { draggable: t("settings.order.how") },
      }}
    >
      <SortableContext items={items.map(({ id }) => id)} strategy={verticalListSortingStrategy}>
        <ol className={classes.list} aria-label={label}>
          {items.map((item, place) => (
            <Item key={item.id} item={item} place={place} count={items.length} onMove={onMove}>
              {row(item)}
            </Item>
          ))}
        </ol>
      </SortableContext>
    </DndContext>
  );
}

interface ItemProps {
  item: Thing;
  place: number;
  count: number;
  onMove: (from: number, to: number) => void;
  children: ReactNode;
}

function Item({ item, place, count, onMove, children }: ItemProps) {
  const { t } = useTranslation();
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } = useSortable({
    id: item.id,
    attributes: { roleDescription: t("settings.order.handle") },
  });
  const style = { transform: CSS.Translate.toString(transform), transition };
  const steps = [
    { to: place - 1, label: t("settings.order.up", { name: item.name }), icon: IconArrowUp },
    { to: place + 1, label: t("settings.order.down", { name: item.name }), icon: IconArrowDown },
  ];
  return (
    <li
      ref={setNodeRef}
      style={style}
      className={[item.enabled === false && classes.off, isDragging && classes.lifted].filter(Boolean).join(" ")}
    >
      <div className={classes.row}>
        <ActionIcon
          ref={setActivatorNodeRef}
          variant="subtle"
          color="gray"
          aria-label={t("settings.order.move", { name: item.name })}
          className={classes.handle ?? ""}
          {...attributes}
          {...listeners}
        >
          <IconGripVertical size={17} />
        </ActionIcon>
        {children}
        <ActionIcon.Group>
          {steps.map(({ to, label, icon: Sign }) => (
            <ActionIcon
              key={label}
              variant="subtle"
              color="gray"
              className={classes.step ?? ""}
              aria-label={label}
              disabled={to < 0 || to >= count}
              onClick={() => onMove(place, to)}
            >
              <Sign size={16} />
            </ActionIcon>
          ))}
        </ActionIcon.Group>
      </div>
    </li>
  );
}

/** What a screen reader is told while something is moved. */
function useAnnouncements(items: readonly Thing[]): Announcements {
  const { t } = useTranslation();
  const name = (id: string | number) => items.find((each) => each.id === id)?.name ?? "";
  const place = (id: string | number) => items.findIndex((each) => each.id === id) + 1;
  const at = (id: string | number, over: string | number) =>
    t("settings.order.at", { name: name(id), place: place(over), count: items.length });
  return {
    onDragStart: ({ active }) => t("settings.order.lifted", { name: name(active.id) }),
    onDragOver: ({ active, over }) => (over ? at(active.id, over.id) : undefined),
    onDragEnd: ({ active, over }) => (over ? at(active.id, over.id) : undefined),
    onDragCancel: ({ active }) => t("settings.order.cancelled", { name: name(active.id) }),
  };
}
