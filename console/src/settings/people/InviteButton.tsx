import { Button } from "@mantine/core";
import { IconMailForward } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { showDone } from "@/shell/problemNotice";

/** Mails a link by which somebody sets a password of their own. */
export function InviteButton({ personId }: { personId: string }) {
  const { t } = useTranslation();
  const mailing = useMutation({
    mutationFn: () =>
      answer(api.POST("/api/accounts/password-resets", { body: { person_id: personId, by_mail: true } })),
    onSuccess: () => showDone(t("settings.linkMailed")),
  });
  return (
    <Button
      variant="default"
      leftSection={<IconMailForward size={16} aria-hidden />}
      loading={mailing.isPending}
      onClick={() => mailing.mutate()}
    >
      {t("settings.mailLink")}
    </Button>
  );
}
