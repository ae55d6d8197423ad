import { Badge } from "@mantine/core";
import { IconRotate } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import type { SigningKey } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { SureButton } from "@/shell/SureButton";
import { showDone } from "@/shell/problemNotice";

import { Page } from "../shared/Page";
import { RowText } from "../shared/Rows";
import { Shown } from "../shared/States";
import { useForget, useThings } from "../shared/things";
import classes from "../settings.module.css";

/** The keys that tokens are signed with: they change by age, or here. */
export function SigningKeysPage() {
  const { t } = useTranslation();
  const forget = useForget("signing-keys");
  const query = useThings("signing-keys", async () => (await answer(api.GET("/api/accounts/signing-keys"))).items);
  return (
    <Page
      title={t("settings.sections.signing-keys")}
      text={t("settings.signing.text")}
      actions={
        <SureButton
          variant="filled"
          color="brand"
          leftSection={<IconRotate size={16} aria-hidden />}
          label={t("settings.signing.rotate")}
          title={t("settings.signing.sure")}
          text={t("settings.signing.sureText")}
          run={() => answer(api.POST("/api/accounts/signing-keys"))}
          onDone={async () => {
            showDone(t("settings.signing.rotated"));
            await forget();
          }}
        />
      }
    >
      <Shown query={query}>{(keys) => <Keys keys={keys} />}</Shown>
    </Page>
  );
}

function Keys({ keys }: { keys: SigningKey[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const times = ({ made_at, signs_from, retires_at }: SigningKey) =>
    [
      t("settings.signing.made", { at: format.instant(made_at) }),
      t("settings.signing.from", { at: format.instant(signs_from) }),
      retires_at && t("settings.signing.retires", { at: format.instant(retires_at) }),
    ]
      .filter(Boolean)
      .join(" · ");
  return (
    <ul className={classes.list} aria-label={t("settings.sections.signing-keys")}>
      {keys.map((key) => (
        <li key={key.id}>
          <div className={classes.row}>
            <RowText
              name={<span className={classes.code}>{key.id}</span>}
              note={times(key)}
              extra={
                key.signs ? (
                  <Badge variant="light" color="green" size="sm" className={classes.good ?? ""}>
                    {t("settings.signing.signs")}
                  </Badge>
                ) : undefined
              }
            />
          </div>
        </li>
      ))}
    </ul>
  );
}
