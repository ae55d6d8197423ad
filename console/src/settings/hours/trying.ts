/** What other hours or targets would have changed, as sla tells it. */
import { answer, api } from "@/api/client";
import type { TriedHours } from "@/api/types";

import type { Lines } from "../shared/lines";

export interface WaitsLine {
  waits: number;
  of?: number;
  done?: boolean;
  breaches?: number;
  would_be_breaches?: number;
  no_longer?: number;
  newly?: number;
}

export const tryHours = (body: TriedHours, signal: AbortSignal) =>
  answer(api.POST("/api/sla/dry-runs", { body, parseAs: "stream", signal })) as Promise<Lines<WaitsLine>>;
