/** The pages of the settings: of each section a list, and a page of one thing (`new` in place of an id makes another). */
import { createRoute, lazyRouteComponent } from "@tanstack/react-router";

import { staff } from "@/frame";

import { parsePeopleSearch } from "./people/search";
import { parseAccountSearch, parseDepartmentSearch, parseUserSearch } from "./search";

const settings = createRoute({
  getParentRoute: () => staff,
  path: "/settings",
  component: lazyRouteComponent(() => import("./SettingsLayout"), "SettingsLayout"),
});

const departments = createRoute({
  getParentRoute: () => settings,
  path: "/departments",
  component: lazyRouteComponent(() => import("./work/DepartmentsPage"), "DepartmentsPage"),
});

const department = createRoute({
  getParentRoute: () => settings,
  path: "/departments/$id",
  validateSearch: parseDepartmentSearch,
  component: lazyRouteComponent(() => import("./work/DepartmentPage"), "DepartmentPage"),
});

const categories = createRoute({
  getParentRoute: () => settings,
  path: "/categories",
  component: lazyRouteComponent(() => import("./work/CategoriesPage"), "CategoriesPage"),
});

const category = createRoute({
  getParentRoute: () => settings,
  path: "/categories/$id",
  component: lazyRouteComponent(() => import("./work/CategoryPage"), "CategoryPage"),
});

const targets = createRoute({
  getParentRoute: () => settings,
  path: "/targets",
  component: lazyRouteComponent(() => import("./work/TargetsPage"), "TargetsPage"),
});

const target = createRoute({
  getParentRoute: () => settings,
  path: "/targets/$id",
  component: lazyRouteComponent(() => import("./work/TargetPage"), "TargetPage"),
});

const submissionRules = createRoute({
  getParentRoute: () => settings,
  path: "/submission-rules",
  component: lazyRouteComponent(() => import("./rules/SubmissionRulesPage"), "SubmissionRulesPage"),
});

const submissionRule = createRoute({
  getParentRoute: () => settings,
  path: "/submission-rules/$id",
  component: lazyRouteComponent(() => import("./rules/SubmissionRulePage"), "SubmissionRulePage"),
});

const weightRules = createRoute({
  getParentRoute: () => settings,
  path: "/weight-rules",
  component: lazyRouteComponent(() => import("./rules/WeightRulesPage"), "WeightRulesPage"),
});

const weightRule = createRoute({
  getParentRoute: () => settings,
  path: "/weight-rules/$id",
  component: lazyRouteComponent(() => import("./rules/WeightRulePage"), "WeightRulePage"),
});

const accounts = createRoute({
  getParentRoute: () => settings,
  path: "/accounts",
  validateSearch: parsePeopleSearch,
  component: lazyRouteComponent(() => import("./people/AccountsPage"), "AccountsPage"),
});

const account = createRoute({
  getParentRoute: () => settings,
  path: "/accounts/$id",
  validateSearch: parseAccountSearch,
  component: lazyRouteComponent(() => import("./people/AccountPage"), "AccountPage"),
});

const users = createRoute({
  getParentRoute: () => settings,
  path: "/users",
  validateSearch: parsePeopleSearch,
  component: lazyRouteComponent(() => import("./people/UsersPage"), "UsersPage"),
});

const user = createRoute({
  getParentRoute: () => settings,
  path: "/users/$id",
  validateSearch: parseUserSearch,
  component: lazyRouteComponent(() => import("./people/UserPage"), "UserPage"),
});

const administrators = createRoute({
  getParentRoute: () => settings,
  path: "/administrators",
  component: lazyRouteComponent(() => import("./people/AdministratorsPage"), "AdministratorsPage"),
});

const administrator = createRoute({
  getParentRoute: () => settings,
  path: "/administrators/$id",
  component: lazyRouteComponent(() => import("./people/AdministratorPage"), "AdministratorPage"),
});

const groups = createRoute({
  getParentRoute: () => settings,
  path: "/groups",
  component: lazyRouteComponent(() => import("./people/NamedPages"), "GroupsPage"),
});

const group = createRoute({
  getParentRoute: () => settings,
  path: "/groups/$id",
  component: lazyRouteComponent(() => import("./people/NamedPages"), "GroupPage"),
});

const projects = createRoute({
  getParentRoute: () => settings,
  path: "/projects",
  component: lazyRouteComponent(() => import("./people/NamedPages"), "ProjectsPage"),
});

const project = createRoute({
  getParentRoute: () => settings,
  path: "/projects/$id",
  component: lazyRouteComponent(() => import("./people/NamedPages"), "ProjectPage"),
});

const mails = createRoute({
  getParentRoute: () => settings,
  path: "/mails",
  component: lazyRouteComponent(() => import("./mail/MailsPage"), "MailsPage"),
});

const mail = createRoute({
  getParentRoute: () => settings,
  path: "/mails/$id",
  component: lazyRouteComponent(() => import("./mail/MailPage"), "MailPage"),
});

const gateways = createRoute({
  getParentRoute: () => settings,
  path: "/gateways",
  component: lazyRouteComponent(() => import("./mail/GatewaysPage"), "GatewaysPage"),
});

const gateway = createRoute({
  getParentRoute: () => settings,
  path: "/gateways/$id",
  component: lazyRouteComponent(() => import("./mail/GatewayPage"), "GatewayPage"),
});

const apiKeys = createRoute({
  getParentRoute: () => settings,
  path: "/api-keys",
  component: lazyRouteComponent(() => import("./systems/ApiKeysPage"), "ApiKeysPage"),
});

const apiKey = createRoute({
  getParentRoute: () => settings,
  path: "/api-keys/$id",
  component: lazyRouteComponent(() => import("./systems/ApiKeyPage"), "ApiKeyPage"),
});

const webhooks = createRoute({
  getParentRoute: () => settings,
  path: "/webhooks",
  component: lazyRouteComponent(() => import("./systems/WebhooksPage"), "WebhooksPage"),
});

const webhook = createRoute({
  getParentRoute: () => settings,
  path: "/webhooks/$id",
  component: lazyRouteComponent(() => import("./systems/WebhookPage"), "WebhookPage"),
});

const templates = createRoute({
  getParentRoute: () => settings,
  path: "/templates",
  component: lazyRouteComponent(() => import("./systems/TemplatesPage"), "TemplatesPage"),
});

const template = createRoute({
  getParentRoute: () => settings,
  path: "/templates/$id",
  component: lazyRouteComponent(() => import("./systems/TemplatePage"), "TemplatePage"),
});

const signingKeys = createRoute({
  getParentRoute: () => settings,
  path: "/signing-keys",
  component: lazyRouteComponent(() => import("./systems/SigningKeysPage"), "SigningKeysPage"),
});

const parked = createRoute({
  getParentRoute: () => settings,
  path: "/parked",
  component: lazyRouteComponent(() => import("./systems/ParkedPage"), "ParkedPage"),
});

export const settingsRoutes = settings.addChildren([
  departments,
  department,
  categories,
  category,
  targets,
  target,
  submissionRules,
  submissionRule,
  weightRules,
  weightRule,
  accounts,
  account,
  users,
  user,
  administrators,
  administrator,
  groups,
  group,
  projects,
  project,
  mails,
  mail,
  gateways,
  gateway,
  apiKeys,
  apiKey,
  webhooks,
  webhook,
  templates,
  template,
  signingKeys,
  parked,
]);
