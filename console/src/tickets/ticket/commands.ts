/** Everything that can be done to a ticket, by intake's routes. */
import { api, told } from "@/api/client";
import { once } from "@/api/keys";

import { asSeen, type Opened } from "./reading";

const at = (id: string) => ({ path: { ticket_id: id } });
const to = (id: string) => ({ ...at(id), header: once() });
/** An edit is a decision on what one saw. */
const onWhatWasSeen = ({ ticket, etag }: Opened) => ({ ...at(ticket.id), header: { "If-Match": etag, ...once() } });

export interface Edit {
  subject?: string;
  category_id?: string;
  urgency?: "high" | "medium" | "low";
  project_id?: string | null;
  tags?: string[];
}

export interface Written {
  text: string;
  attachment_ids: string[];
}

export const commands = {
  takeBlock: (id: string) => told(api.POST("/api/intake/tickets/{ticket_id}/block", { params: to(id) })),
  renewBlock: (id: string, token: number) =>
    told(api.POST("/api/intake/tickets/{ticket_id}/block/renew", { params: to(id), body: { token } })),
  releaseBlock: (id: string, token: number) =>
    told(api.DELETE("/api/intake/tickets/{ticket_id}/block", { params: { ...at(id), query: { token } } })),
  unblock: (id: string) => told(api.POST("/api/intake/tickets/{ticket_id}/unblock", { params: to(id) })),

  readDraft: (id: string) => told(api.GET("/api/intake/tickets/{ticket_id}/draft", { params: at(id) })),
  saveDraft: (id: string, text: string) =>
    told(api.PUT("/api/intake/tickets/{ticket_id}/draft", { params: at(id), body: { text } })),
  dropDraft: (id: string) => told(api.DELETE("/api/intake/tickets/{ticket_id}/draft", { params: at(id) })),

  answer: (id: string, written: Written, token: number, close: boolean) =>
    told(api.POST("/api/intake/tickets/{ticket_id}/replies", { params: to(id), body: { ...written, token, close } })),
  note: (id: string, written: Written, token: number | null) =>
    told(api.POST("/api/intake/tickets/{ticket_id}/notes", { params: to(id), body: { ...written, token } })),
  reply: (id: string, written: Written) =>
    told(api.POST("/api/intake/tickets/{ticket_id}/replies", { params: to(id), body: { ...written, close: false } })),
  markRead: (id: string) => told(api.POST("/api/intake/tickets/{ticket_id}/read", { params: to(id) })),
  rate: (id: string, message: string, rating: number, comment: string | null) =>
    told(
      api.POST("/api/intake/tickets/{ticket_id}/messages/{message_id}/rating", {
        params: { path: { ticket_id: id, message_id: message }, header: once() },
        body: { rating, comment },
      }),
    ),

  edit: (opened: Opened, edit: Edit) =>
    asSeen(opened, (seen) =>
      told(api.PATCH("/api/intake/tickets/{ticket_id}", { params: onWhatWasSeen(seen), body: edit })),
    ),
  take: (opened: Opened) =>
    asSeen(opened, (seen) => told(api.POST("/api/intake/tickets/{ticket_id}/take", { params: onWhatWasSeen(seen) }))),
  assign: (opened: Opened, responsible: string | null) =>
    asSeen(opened, (seen) =>
      told(
        api.POST("/api/intake/tickets/{ticket_id}/assign", {
          params: onWhatWasSeen(seen),
          body: { responsible_id: responsible },
        }),
      ),
    ),
  transfer: (opened: Opened, department: string) =>
    asSeen(opened, (seen) =>
      told(
        api.POST("/api/intake/tickets/{ticket_id}/transfer", {
          params: onWhatWasSeen(seen),
          body: { department_id: department },
        }),
      ),
    ),
  close: (id: string) => told(api.POST("/api/intake/tickets/{ticket_id}/close", { params: to(id) })),
  reopen: (id: string) => told(api.POST("/api/intake/tickets/{ticket_id}/reopen", { params: to(id) })),
  remove: (id: string) => told(api.DELETE("/api/intake/tickets/{ticket_id}", { params: at(id) })),
};
