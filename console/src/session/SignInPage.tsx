import { Box, Paper, Text, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import { LanguageSwitch } from "@/i18n/LanguageSwitch";
import { Logo } from "@/shell/Logo";

import { SignInForm } from "./SignInForm";
import classes from "./session.module.css";

export function SignInPage() {
  const { t } = useTranslation();
  return (
    <main className={classes.page}>
      <Box w="100%" maw={380}>
        <div className={classes.brand}>
          <Logo size={40} />
          <div>
            <Title order={1}>{t("session.title")}</Title>
            <Text c="dimmed" size="sm">
              {t("session.subtitle")}
            </Text>
          </div>
        </div>
        <Paper withBorder p="xl" shadow="xs" bg="var(--surface)">
          <SignInForm />
        </Paper>
        <div className={classes.below}>
          <LanguageSwitch />
        </div>
      </Box>
    </main>
  );
}
