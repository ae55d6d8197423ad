/** The list's columns: what each shows, how wide it is, and what it can be sorted by. */
import { columnVisibilityFeature, createColumnHelper, tableFeatures } from "@tanstack/react-table";

import {
  AccountCell,
  DelayCell,
  PropertiesCell,
  RemainingCell,
  ResponsibleCell,
  SubjectCell,
  WeightCell,
} from "./cells";
import type { Row, Sort } from "./order";

export const features = tableFeatures({ columnVisibilityFeature });
const helper = createColumnHelper<typeof features, Row>();

export const COLUMNS = [
  "id",
  "subject",
  "account",
  "weight",
  "delay",
  "remaining",
  "responsible",
  "category",
  "project",
  "properties",
] as const;
export type ColumnName = (typeof COLUMNS)[number];

interface Look {
  /** As grid-template-columns has it. */
  width: string;
  sort?: Sort;
  isFigure?: boolean;
}

export const LOOKS: Record<ColumnName, Look> = {
  id: { width: "48px", sort: "id" },
  subject: { width: "minmax(160px, 3fr)" },
  account: { width: "minmax(96px, 1.3fr)" },
  weight: { width: "64px", sort: "weight", isFigure: true },
  delay: { width: "74px", sort: "delay", isFigure: true },
  remaining: { width: "92px", sort: "remaining", isFigure: true },
  responsible: { width: "minmax(90px, 1.1fr)" },
  category: { width: "minmax(64px, 1fr)" },
  project: { width: "minmax(60px, 0.7fr)" },
  properties: { width: "100px" },
};

export const columns = helper.columns([
  helper.display({ id: "id", cell: ({ row }) => row.original.ticket.number }),
  helper.display({ id: "subject", cell: ({ row }) => <SubjectCell ticket={row.original.ticket} /> }),
  helper.display({ id: "account", cell: ({ row }) => <AccountCell ticket={row.original.ticket} /> }),
  helper.display({ id: "weight", cell: ({ row }) => <WeightCell row={row.original} /> }),
  helper.display({ id: "delay", cell: ({ row }) => <DelayCell row={row.original} /> }),
  helper.display({ id: "remaining", cell: ({ row }) => <RemainingCell row={row.original} /> }),
  helper.display({ id: "responsible", cell: ({ row }) => <ResponsibleCell ticket={row.original.ticket} /> }),
  helper.display({ id: "category", cell: ({ row }) => row.original.ticket.category.name }),
  helper.display({ id: "project", cell: ({ row }) => row.original.ticket.project?.name }),
  helper.display({ id: "properties", cell: ({ row }) => <PropertiesCell ticket={row.original.ticket} /> }),
]);
