/** The list's columns: what each shows, how wide it is, and what it can be sorted by. */
import { columnVisibilityFeature, createColumnHelper, tableFeatures } from "@tanstack/react-table";

import {
  AccountCell,
  DelayCell,
  InstantCell,
  PropertiesCell,
  RemainingCell,
  ResponsibleCell,
  SubjectCell,
  WeightCell,
} from "./cells";
import type { ColumnName } from "./columnNames";
import type { Row, Sort } from "./order";

export const features = tableFeatures({ columnVisibilityFeature });
const helper = createColumnHelper<typeof features, Row>();

interface Look {
  /** As grid-template-columns has it. */
  width: string;
  sort?: Sort;
  isFigure?: boolean;
}

export const LOOKS: Record<ColumnName, Look> = {
  id: { width: "48px", sort: "id" },
  subject: { width: "minmax(160px, 3fr)", sort: "subject" },
  account: { width: "minmax(96px, 1.3fr)", sort: "account" },
  weight: { width: "64px", sort: "weight", isFigure: true },
  delay: { width: "74px", sort: "delay", isFigure: true },
  remaining: { width: "92px", sort: "remaining", isFigure: true },
  responsible: { width: "minmax(90px, 1.1fr)", sort: "responsible" },
  department: { width: "minmax(80px, 1fr)", sort: "department" },
  category: { width: "minmax(70px, 1fr)", sort: "category" },
  project: { width: "minmax(64px, 0.7fr)", sort: "project" },
  properties: { width: "100px" },
  group: { width: "minmax(70px, 0.8fr)", sort: "group" },
  opened: { width: "104px", sort: "opened", isFigure: true },
  activity: { width: "104px", sort: "activity", isFigure: true },
};

export const columns = helper.columns([
  helper.display({ id: "id", cell: ({ row }) => row.original.ticket.number }),
  helper.display({ id: "subject", cell: ({ row }) => <SubjectCell ticket={row.original.ticket} /> }),
  helper.display({ id: "account", cell: ({ row }) => <AccountCell ticket={row.original.ticket} /> }),
  helper.display({ id: "weight", cell: ({ row }) => <WeightCell row={row.original} /> }),
  helper.display({ id: "delay", cell: ({ row }) => <DelayCell row={row.original} /> }),
  helper.display({ id: "remaining", cell: ({ row }) => <RemainingCell row={row.original} /> }),
  helper.display({ id: "responsible", cell: ({ row }) => <ResponsibleCell ticket={row.original.ticket} /> }),
  helper.display({ id: "department", cell: ({ row }) => row.original.ticket.department?.name }),
  helper.display({ id: "category", cell: ({ row }) => row.original.ticket.category.name }),
  helper.display({ id: "project", cell: ({ row }) => row.original.ticket.project?.name }),
  helper.display({ id: "properties", cell: ({ row }) => <PropertiesCell ticket={row.original.ticket} /> }),
  helper.display({ id: "group", cell: ({ row }) => row.original.ticket.account.group?.name }),
  helper.display({ id: "opened", cell: ({ row }) => <InstantCell at={row.original.ticket.opened_at} /> }),
  helper.display({ id: "activity", cell: ({ row }) => <InstantCell at={row.original.ticket.last_activity_at} /> }),
]);
