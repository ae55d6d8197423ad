import { Link } from "@tanstack/react-router";

import type { ListSection } from "../sections";
import classes from "../settings.module.css";
import { RowText, type RowProps } from "./Rows";

/** What a row of a list in order shows, leading to its page. */
export function SortableRow({ section, id, ...props }: RowProps & { section: ListSection; id: string }) {
  return (
    <Link to={`/settings/${section}/$id`} params={{ id }} className={classes.rowLink} draggable={false}>
      <span className={classes.line}>
        <RowText {...props} />
      </span>
    </Link>
  );
}
