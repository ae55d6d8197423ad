/** Submission and weight rules by routing's routes. */
import { answer, api, told } from "@/api/client";
import type { SubmissionRule, TriedRules, WeightRule } from "@/api/types";
import { byName } from "@/lookups/byName";
import { allPages } from "@/lookups/pages";

import type { Lines } from "../shared/lines";
import { onVersion } from "../shared/things";
import { inOrder } from "../shared/useOrder";

const submissionPath = (id: string) => ({ path: { submission_rule_id: id } });
const weightPath = (id: string) => ({ path: { rule_id: id } });

export const submissionRules = {
  list: async () =>
    inOrder(
      await allPages((cursor) =>
        answer(api.GET("/api/routing/submission-rules", { params: { query: { limit: 200, ...cursor } } })),
      ),
    ),
  read: (id: string) =>
    told(api.GET("/api/routing/submission-rules/{submission_rule_id}", { params: submissionPath(id) })),
  place: ({ id, version }: SubmissionRule, order: number) =>
    answer(
      api.PATCH("/api/routing/submission-rules/{submission_rule_id}", {
        params: { ...submissionPath(id), header: onVersion(version) },
        body: { order },
      }),
    ),
  remove: (id: string) =>
    answer(api.DELETE("/api/routing/submission-rules/{submission_rule_id}", { params: submissionPath(id) })),
  history: (id: string, cursor: { cursor?: string }) =>
    answer(
      api.GET("/api/routing/submission-rules/{submission_rule_id}/history", {
        params: { ...submissionPath(id), query: { limit: 50, ...cursor } },
      }),
    ),
  path: submissionPath,
};

export const weightRules = {
  list: async () =>
    (
      await allPages((cursor) =>
        answer(api.GET("/api/routing/weight-rules", { params: { query: { limit: 200, ...cursor } } })),
      )
    ).sort(byName),
  read: (id: string) => told(api.GET("/api/routing/weight-rules/{rule_id}", { params: weightPath(id) })),
  remove: (id: string) => answer(api.DELETE("/api/routing/weight-rules/{rule_id}", { params: weightPath(id) })),
  history: (id: string, cursor: { cursor?: string }) =>
    answer(
      api.GET("/api/routing/weight-rules/{rule_id}/history", {
        params: { ...weightPath(id), query: { limit: 50, ...cursor } },
      }),
    ),
  path: weightPath,
};

/** A rule without its version, as a trial takes it. */
export function tried<R extends SubmissionRule | WeightRule>(rule: R): Omit<R, "version"> {
  const rest: Partial<R> = { ...rule };
  delete rest.version;
  return rest as Omit<R, "version">;
}

export interface RulesLine {
  done: number;
  total: number;
  result?: {
    tickets: number;
    elsewhere: number;
    responsible: number;
    urgency: number;
    tags: number;
    heavier: number;
    lighter: number;
    average_points_now: number;
    average_points_then: number;
    examples: { ticket_id: string; now: string | null; then: string | null }[];
  } | null;
}

export const tryRules = (body: TriedRules, signal: AbortSignal) =>
  answer(api.POST("/api/routing/dry-run", { body, parseAs: "stream", signal })) as Promise<Lines<RulesLine>>;
