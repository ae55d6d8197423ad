/** All pages, and which part of the address is whose. */
import { createRoute, createRouter, lazyRouteComponent } from "@tanstack/react-router";

import { root, staff } from "./frame";
import { parseBehindSearch, parseOverviewSearch } from "./overview/period";
import { settingsRoutes } from "./settings/routes";
import { Home } from "./shell/Home";
import { TicketListPage } from "./tickets/list/TicketListPage";
import { parseListSearch } from "./tickets/list/search";

const home = createRoute({ getParentRoute: () => root, path: "/", component: Home });

// --- administrators ---------------------------------------------------------------------------
const list = createRoute({
  getParentRoute: () => staff,
  path: "/tickets",
  validateSearch: parseListSearch,
  component: TicketListPage,
});

const ticket = createRoute({
  getParentRoute: () => staff,
  path: "/tickets/$ticketId",
  validateSearch: parseListSearch,
  component: lazyRouteComponent(() => import("./tickets/ticket/TicketPage"), "TicketPage"),
});

const overview = createRoute({
  getParentRoute: () => staff,
  path: "/overview",
  validateSearch: parseOverviewSearch,
  component: lazyRouteComponent(() => import("./overview/OverviewPage"), "OverviewPage"),
});

const waits = createRoute({
  getParentRoute: () => staff,
  path: "/overview/answers",
  validateSearch: parseBehindSearch,
  component: lazyRouteComponent(() => import("./overview/WaitsPage"), "WaitsPage"),
});

const closings = createRoute({
  getParentRoute: () => staff,
  path: "/overview/closings",
  validateSearch: parseBehindSearch,
  component: lazyRouteComponent(() => import("./overview/ClosingsPage"), "ClosingsPage"),
});

// --- clients ----------------------------------------------------------------------------------
const panel = createRoute({
  getParentRoute: () => root,
  path: "/panel",
  component: lazyRouteComponent(() => import("./panel/PanelLayout"), "PanelLayout"),
});

const ownTickets = createRoute({
  getParentRoute: () => panel,
  path: "/",
  validateSearch: (raw: Record<string, unknown>): { state?: "closed" } =>
    raw.state === "closed" ? { state: "closed" } : {},
  component: lazyRouteComponent(() => import("./panel/OwnTickets"), "OwnTickets"),
});

const newTicket = createRoute({
  getParentRoute: () => panel,
  path: "/new",
  component: lazyRouteComponent(() => import("./panel/NewTicket"), "NewTicket"),
});

const ownTicket = createRoute({
  getParentRoute: () => panel,
  path: "/$ticketId",
  component: lazyRouteComponent(() => import("./panel/OwnTicket"), "OwnTicket"),
});

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    staff.addChildren([list, ticket, overview, waits, closings, settingsRoutes]),
    panel.addChildren([ownTickets, newTicket, ownTicket]),
  ]),
  defaultPreload: "intent",
});

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router;
  }
}
