import { Badge } from "@mantine/core";
import { IconChevronRight } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import type { ListSection } from "../sections";
import classes from "../settings.module.css";

export interface RowProps {
  name: ReactNode;
  note?: ReactNode;
  isOff?: boolean;
  extra?: ReactNode;
}

/** Things as a list of links to the page of each. */
export function Rows<T extends { id: string }>({
  section,
  label,
  items,
  row,
}: {
  section: ListSection;
  label: string;
  items: readonly T[];
  row: (item: T) => RowProps;
}) {
  return (
    <ul className={classes.list} aria-label={label}>
      {items.map((item) => {
        const props = row(item);
        return (
          <li key={item.id} className={props.isOff ? classes.off : undefined}>
            <Link to={`/settings/${section}/$id`} params={{ id: item.id }} className={classes.row}>
              <RowText {...props} />
              <IconChevronRight size={16} aria-hidden />
            </Link>
          </li>
        );
      })}
    </ul>
  );
}

export function RowText({ name, note, isOff, extra }: RowProps) {
  const { t } = useTranslation();
  return (
    <>
      <div className={classes.rowText}>
        <div className={classes.rowName}>{name}</div>
        {note !== undefined && note !== "" && <div className={classes.rowNote}>{note}</div>}
      </div>
      {extra}
      {isOff && (
        <Badge variant="default" size="sm">
          {t("settings.off")}
        </Badge>
      )}
    </>
  );
}
