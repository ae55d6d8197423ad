import { useMemo } from "react";

import { useDepartments } from "@/lookups/lookups";
import { useIdentity } from "@/session/useSession";

import type { Reader } from "./filters";

/** Whoever looks at the list, and the departments that they are a member of or head. */
export function useReader(): Reader {
  const { id } = useIdentity();
  const { data } = useDepartments();
  return useMemo(() => {
    const own = (data ?? []).filter((each) => each.head_id === id || each.member_ids?.includes(id));
    return { id, departments: own.map((each) => each.id) };
  }, [id, data]);
}
