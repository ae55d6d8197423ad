import { NumberInput, PasswordInput, SegmentedControl, Select, Text, TextInput, Title } from "@mantine/core";
import { useTranslation } from "react-i18next";

import type { Edited } from "../shared/useEdited";
import classes from "../settings.module.css";
import type { GatewayValues } from "./gateway";

interface Props {
  form: Edited<GatewayValues>;
  /** Whether one is known, for the server that it was given for. */
  hasPassword: boolean;
}

/** How the mail comes in: a server hands it over, or it is fetched from a mailbox. */
export function MailboxFields({ form, hasPassword }: Props) {
  const { t } = useTranslation();
  const { isMailbox } = form.values;
  return (
    <div className={classes.card}>
      <Title order={2}>{t("settings.gateways.how")}</Title>
      <SegmentedControl
        aria-label={t("settings.gateways.how")}
        value={isMailbox ? "mailbox" : "server"}
        onChange={(way) => form.setFieldValue("isMailbox", way === "mailbox")}
        data={(["server", "mailbox"] as const).map((value) => ({ value, label: t(`settings.gateways.by.${value}`) }))}
      />
      {isMailbox ? (
        <Mailbox form={form} hasPassword={hasPassword} />
      ) : (
        <Text size="sm" c="dimmed">
          {t("settings.gateways.serverText")}
        </Text>
      )}
      <TextInput
        label={t("settings.gateways.authserv")}
        description={t("settings.gateways.authservText")}
        {...form.getInputProps("authserv_id")}
      />
    </div>
  );
}

function Mailbox({ form, hasPassword }: Props) {
  const { t } = useTranslation();
  return (
    <>
      <div className={classes.pair}>
        <TextInput required label={t("settings.gateways.host")} {...form.getInputProps("imap.host")} />
        <Select
          allowDeselect={false}
          label={t("settings.gateways.security")}
          data={(["tls", "starttls", "none"] as const).map((value) => ({
            value,
            label: t(`settings.gateways.securities.${value}`),
          }))}
          {...form.getInputProps("imap.security")}
        />
        <NumberInput
          required
          min={1}
          max={65535}
          allowDecimal={false}
          hideControls
          label={t("settings.gateways.port")}
          {...form.getInputProps("imap.port")}
        />
      </div>
      <div className={classes.pair}>
        <TextInput
          required
          autoComplete="off"
          label={t("settings.gateways.user")}
          {...form.getInputProps("imap.user")}
        />
        <PasswordInput
          required={!hasPassword}
          autoComplete="new-password"
          label={t("session.password")}
          placeholder={hasPassword ? t("settings.gateways.passwordKept") : ""}
          visibilityToggleButtonProps={{ "aria-label": t("session.showPassword") }}
          {...form.getInputProps("imap.password")}
        />
        <TextInput required label={t("settings.gateways.folder")} {...form.getInputProps("imap.folder")} />
      </div>
    </>
  );
}
