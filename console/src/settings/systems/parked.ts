/** Events that could not be taken in: each service keeps its own, until somebody has them tried again. */
import { answer, api } from "@/api/client";

export const SERVICES = ["intake", "routing", "sla", "query", "notify"] as const;
export type Service = (typeof SERVICES)[number];

export const listParked = (service: Service) => {
  switch (service) {
    case "intake":
      return answer(api.GET("/api/intake/parked"));
    case "routing":
      return answer(api.GET("/api/routing/parked"));
    case "sla":
      return answer(api.GET("/api/sla/parked"));
    case "query":
      return answer(api.GET("/api/query/parked"));
    case "notify":
      return answer(api.GET("/api/notify/parked"));
  }
};

/** One entity's events, or all of the service's. */
export const retryParked = (service: Service, entity?: string) => {
  const params = { query: entity === undefined ? {} : { entity } };
  switch (service) {
    case "intake":
      return answer(api.POST("/api/intake/parked/retry", { params }));
    case "routing":
      return answer(api.POST("/api/routing/parked/retry", { params }));
    case "sla":
      return answer(api.POST("/api/sla/parked/retry", { params }));
    case "query":
      return answer(api.POST("/api/query/parked/retry", { params }));
    case "notify":
      return answer(api.POST("/api/notify/parked/retry", { params }));
  }
};
