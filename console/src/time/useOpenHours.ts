import { useQuery } from "@tanstack/react-query";

import { answer, api } from "@/api/client";

import type { OpenHours } from "./openHours";

const HOUR = 3_600_000;
const NONE: ReadonlyMap<string, OpenHours> = new Map();

/** When each department is open around now; one that is not in it is always open. */
export function useOpenHours(): ReadonlyMap<string, OpenHours> {
  const { data } = useQuery({
    queryKey: ["open-hours"],
    queryFn: async ({ signal }) => {
      const { items } = await answer(api.GET("/api/query/calendars", { signal }));
      return new Map(
        items.map((each) => [
          each.department_id,
          { opens: each.opens.map(Date.parse), closes: each.closes.map(Date.parse) },
        ]),
      );
    },
    staleTime: HOUR,
    refetchInterval: HOUR,
  });
  return data ?? NONE;
}
