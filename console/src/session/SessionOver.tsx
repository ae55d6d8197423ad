import { Button, Modal, Stack, Text } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { session } from "./session";
import { SignInForm } from "./SignInForm";

/** The session is over, and what was on the screen stays where it is, with all that was written. */
export function SessionOver({ email }: { email: string }) {
  const { t } = useTranslation();
  return (
    <Modal opened onClose={() => undefined} withCloseButton={false} title={t("session.over")} size="sm">
      <Stack>
        <Text size="sm">{t("session.overText")}</Text>
        <SignInForm email={email} />
        <Button variant="subtle" color="gray" onClick={() => void session.signOut()}>
          {t("session.asAnother")}
        </Button>
      </Stack>
    </Modal>
  );
}
