import { Button, Center, Stack, Text } from "@mantine/core";
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";

import { Spinner } from "@/shell/Spinner";

import { session } from "./session";

const PATIENCE = 4000;

/** Before it is known who is there: soon over, unless nobody answers. */
export function Starting() {
  const { t } = useTranslation();
  const [isSlow, setSlow] = useState(false);

  useEffect(() => {
    const timer = setTimeout(() => setSlow(true), PATIENCE);
    return () => clearTimeout(timer);
  }, []);

  return (
    <Center component="main" h="100dvh">
      <Stack align="center">
        <Spinner />
        {isSlow && (
          <>
            <Text c="dimmed">{t("problems.unreachable")}</Text>
            <Button variant="default" onClick={() => void session.start().catch(() => undefined)}>
              {t("common.retry")}
            </Button>
          </>
        )}
      </Stack>
    </Center>
  );
}
