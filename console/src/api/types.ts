/** The services' shapes, by the names that the console uses. Generated: `make console-types`. */
import type { components as Accounts, paths as AccountsPaths } from "./schema/accounts";
import type { components as Intake, paths as IntakePaths } from "./schema/intake";
import type { components as Notify, paths as NotifyPaths } from "./schema/notify";
import type { components as Query, paths as QueryPaths } from "./schema/query";
import type { components as Routing, paths as RoutingPaths } from "./schema/routing";
import type { components as Sla, paths as SlaPaths } from "./schema/sla";

export type Paths = AccountsPaths & IntakePaths & NotifyPaths & QueryPaths & RoutingPaths & SlaPaths;

export type Identity = Accounts["schemas"]["Identity"];
export type AccountCard = Accounts["schemas"]["Account"];
export type Administrator = Accounts["schemas"]["Administrator"];

export type Ticket = Query["schemas"]["Ticket"];
export type TicketDetails = Query["schemas"]["Details"];
export type TicketRight = TicketDetails["rights"][number];
export type Message = Query["schemas"]["Message"];
export type Attachment = Query["schemas"]["Attachment"];
export type HistoryEntry = Query["schemas"]["Entry"];
export type HistoryPage = Query["schemas"]["HistoryPage"];
export type OwnTicket = Query["schemas"]["ClientsTicket"];
export type OwnTicketDetails = Query["schemas"]["ClientsDetails"];
export type Named = Query["schemas"]["Named"];
export type Calendar = Query["schemas"]["OpenHours"];

export type CommandAnswer = Intake["schemas"]["TicketView"];
export type BulkRequest =
  | Intake["schemas"]["CloseMany"]
  | Intake["schemas"]["DeleteMany"]
  | Intake["schemas"]["UnblockMany"]
  | Intake["schemas"]["AssignMany"]
  | Intake["schemas"]["TransferMany"];
export type BulkResult = Intake["schemas"]["ManyResult"];
export type Upload = Intake["schemas"]["UploadView"];
export type Gateway = Intake["schemas"]["ShownGateway"];
export type NewGateway = Intake["schemas"]["NewGateway"];
export type WaitingMail = Intake["schemas"]["ShownMail"];
export type ReadMail = Intake["schemas"]["ReadMail"];
export type Urgency = Intake["schemas"]["Urgency"];

export type Department = Routing["schemas"]["Department"];

export type AnswerFigures = Query["schemas"]["AnswerFigures"];
export type SavedView = Query["schemas"]["View"];
export type NewView = Query["schemas"]["NewView"];
export type ViewChange = Query["schemas"]["ViewChange"];

export type Category = Routing["schemas"]["Category"];
export type SubmissionRule = Routing["schemas"]["SubmissionRule"];
export type WeightRule = Routing["schemas"]["WeightRule"];
export type Condition = NonNullable<SubmissionRule["conditions"]>;
export type Rejudgement = Routing["schemas"]["Rejudgement"];
export type TriedRules = Routing["schemas"]["TriedOnDays"];

export type User = Accounts["schemas"]["User"];
export type NamedThing = Accounts["schemas"]["Named"];
export type SigningKey = Accounts["schemas"]["SigningKey"];
export type ApiKey = Accounts["schemas"]["ApiKey"];
export type Scope = Accounts["schemas"]["Scope"];
export type Role = Accounts["schemas"]["Role"];
export type Attitude = Accounts["schemas"]["Attitude"];

export type WorkingHours = Sla["schemas"]["WorkingHoursInForce"];
export type WantedHours = Sla["schemas"]["WorkingHours"];
export type TargetsInForce = Sla["schemas"]["TargetsInForce"];
export type Target = Sla["schemas"]["ListedTarget"];
export type TriedHours = Sla["schemas"]["DryRun"];

export type Webhook = Notify["schemas"]["ShownWebhook"];
export type Template = Notify["schemas"]["Template"];
export type NewTemplate = Notify["schemas"]["NewTemplate"];
export type Notification = Notify["schemas"]["Notification"];
export type ParkedEvent = Notify["schemas"]["ParkedEvent"];
