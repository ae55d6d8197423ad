/** Mail that waits for somebody to say whose it is. */
import { useQuery } from "@tanstack/react-query";

import { answer, api } from "@/api/client";
import type { WaitingMail } from "@/api/types";
import i18n, { saidFor } from "@/i18n";
import { useMay } from "@/session/useSession";

const EVERY_MILLISECONDS = 60_000;
/** More are not counted: so many is said to be many. */
const COUNTED = 99;

/** How many wait; null for those who do not place mail, and until it is known. */
export function useWaiting(): { count: number; isMore: boolean } | null {
  const may = useMay();
  const { data } = useQuery({
    queryKey: ["settings", "mails", "waiting"],
    queryFn: async () => {
      const page = await answer(api.GET("/api/intake/mails", { params: { query: { limit: COUNTED } } }));
      return { count: page.items.length, isMore: page.next_cursor !== null };
    },
    enabled: may("answer"),
    refetchInterval: EVERY_MILLISECONDS,
  });
  return data ?? null;
}

/** Why it waits, in words; of mail that cannot be read, what is wrong with it. */
export function reasonOf({ state, reason }: WaitingMail): string {
  if (state === "broken") return i18n.t("settings.mails.broken", { why: reason ?? "" });
  return saidFor(`settings.mails.reasons.${reason?.replaceAll("_", "-")}`) ?? reason ?? "";
}

export const mailPath = (id: string) => ({ path: { mail_id: id } });
