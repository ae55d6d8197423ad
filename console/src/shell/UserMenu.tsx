import { Avatar, Group, Menu, Text, UnstyledButton, useMantineColorScheme } from "@mantine/core";
import { IconDeviceDesktop, IconKeyboard, IconLanguage, IconLogout, IconMoon, IconSun } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { chooseLanguage, LANGUAGES, type Language } from "@/i18n";
import { session } from "@/session/session";
import { useIdentity } from "@/session/useSession";
import { leave } from "@/writing/useUnsaved";

import classes from "./shell.module.css";
import { openShortcutHelp } from "./ShortcutHelp";

export function UserMenu({ isCompact = false }: { isCompact?: boolean }) {
  const { t } = useTranslation();
  const me = useIdentity();
  return (
    <Menu position="top-start" width={230}>
      <Menu.Target>
        <UnstyledButton className={classes.user}>
          <Group gap="sm" wrap="nowrap">
            <Avatar size={30} name={me.name ?? ""} color="initials" aria-hidden />
            {!isCompact && (
              <div className={classes.userText}>
                <Text size="sm" fw={550} truncate>
                  {me.name}
                </Text>
                <Text size="xs" c="dimmed" truncate>
                  {me.role ? t(`roles.${me.role}`) : me.email}
                </Text>
              </div>
            )}
            <span className="visually-hidden">
              {isCompact && me.name} {t("shell.userMenu")}
            </span>
          </Group>
        </UnstyledButton>
      </Menu.Target>
      <Menu.Dropdown>
        <SchemeItems />
        <Menu.Divider />
        <LanguageItems />
        <Menu.Divider />
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={openShortcutHelp}>
          {t("shortcuts.title")}
        </Menu.Item>
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={() => void leave(() => session.signOut())}>
          {t("session.signOut")}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

function SchemeItems() {
  const { t } = useTranslation();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  const schemes = [
    ["light", IconSun],
    ["dark", IconMoon],
    ["auto", IconDeviceDesktop],
  ] as const;
  return schemes.map(([scheme, SchemeIcon]) => (
    <Menu.Item
      key={scheme}
      leftSection={<SchemeIcon size={16} />}
      fw={scheme === colorScheme ? 650 : 400}
      onClick={() => setColorScheme(scheme)}
    >
      {t(`shell.scheme.${scheme}`)}
    </Menu.Item>
  ));
}

function LanguageItems() {
  const { i18n } = useTranslation();
  return Object.entries(LANGUAGES).map(([language, name]) => (
    <Menu.Item
      key={language}
      lang={language}
      leftSection={<IconLanguage size={16} />}
      fw={language === i18n.language ? 650 : 400}
      onClick={() => void chooseLanguage(language as Language)}
    >
      {name}
    </Menu.Item>
  ));
}
