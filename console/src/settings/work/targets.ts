/** The provider's list of targets, which sla takes whole. */
import { answer, api, told } from "@/api/client";
import type { Target, TargetsInForce } from "@/api/types";

import { onVersion } from "../shared/things";

export const readTargets = () => told(api.GET("/api/sla/targets"));

export const readTargetsHistory = (cursor: { cursor?: string }) =>
  answer(api.GET("/api/sla/targets/history", { params: { query: { limit: 50, ...cursor } } }));

export const putTargets = (present: TargetsInForce, targets: (Omit<Target, "id"> & { id?: string })[]) =>
  answer(api.PUT("/api/sla/targets", { params: { header: onVersion(present.version) }, body: { targets } }));
