import { NavLink } from "@mantine/core";
import type { Icon } from "@tabler/icons-react";
import { Link, useLocation } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/i18n/useFormat";
import { isSameView, parseListSearch, without, type ListSearch } from "@/tickets/list/search";

import classes from "./views.module.css";

interface Props {
  label: string;
  icon: Icon;
  search: ListSearch;
  count?: number | undefined;
  onNavigate: () => void;
}

/** A way to a list. The account that is chosen stays chosen, whichever list one goes to. */
export function ViewLink(props: Props) {
  const { t } = useTranslation();
  const format = useFormat();
  const here = useListHere();
  const account = here?.account_id;
  const isHere = here !== null && isThis(here, props.search);
  return (
    <NavLink
      renderRoot={(root) => (
        <Link
          to="/tickets"
          search={{ ...props.search, ...(account !== undefined && { account_id: account }) }}
          activeOptions={{ exact: true, includeSearch: true }}
          {...root}
        />
      )}
      label={props.label}
      leftSection={<props.icon size={17} stroke={1.7} aria-hidden />}
      rightSection={
        props.count !== undefined && (
          <span className={classes.count}>
            <span aria-hidden>{format.number(props.count)}</span>
            <span className="visually-hidden">{t("views.count", { count: props.count })}</span>
          </span>
        )
      }
      active={isHere}
      aria-current={isHere ? "page" : undefined}
      onClick={props.onNavigate}
      className={classes.link ?? ""}
      classNames={{ label: classes.label ?? "" }}
      title={props.label}
    />
  );
}

/** The list's address, while one is at the list or at a ticket opened from it. */
export function useListHere(): ListSearch | null {
  const { pathname, search } = useLocation();
  return pathname.startsWith("/tickets") ? parseListSearch(search) : null;
}

function isThis(here: ListSearch, search: ListSearch): boolean {
  if (here.view !== undefined || search.view !== undefined) return here.view === search.view;
  return isSameView(without(here, "account_id"), search);
}
