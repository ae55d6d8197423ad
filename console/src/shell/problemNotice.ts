import { notifications } from "@mantine/notifications";

import { Problem, Unreachable } from "@/api/problems";
import i18n, { saidFor } from "@/i18n";

/** What went wrong, in the viewer's words as far as there are any, else in the service's. */
export function wordsOf(error: unknown): string {
  if (error instanceof Unreachable) return i18n.t("problems.unreachable");
  if (!(error instanceof Problem)) return i18n.t("problems.unknown");
  return saidFor(`problems.${error.slug}`) ?? error.message;
}

export function showProblem(error: unknown): void {
  notifications.show({ color: "red", title: i18n.t("problems.title"), message: wordsOf(error) });
}

export function showDone(message: string): void {
  notifications.show({ message, autoClose: 3000 });
}
