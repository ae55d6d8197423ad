import { Group, Text, Title } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import type { AccountCard } from "@/api/types";
import { useIdentity } from "@/session/useSession";
import { DownloadButton } from "@/shell/DownloadButton";

import { DeleteButton } from "../shared/DeleteButton";
import { History } from "../shared/History";
import classes from "../settings.module.css";

const at = (id: string) => ({ path: { account_id: id } });

/** All that there is of an account: to be handed out, looked back at, or erased. */
export function AccountData({ account }: { account: AccountCard }) {
  const { t } = useTranslation();
  const { id } = account;
  return (
    <>
      <section className={classes.card}>
        <div>
          <Title order={2}>{t("settings.data.export")}</Title>
          <Text size="sm" c="dimmed">
            {t("settings.data.exportText")}
          </Text>
        </div>
        <Group>
          <DownloadButton
            label={t("settings.data.account")}
            path={`/api/accounts/accounts/${id}/export`}
            name={`account-${id}.json`}
          />
          <DownloadButton
            label={t("settings.data.tickets")}
            path={`/api/query/accounts/${id}/export`}
            name={`tickets-${id}.json`}
          />
        </Group>
      </section>
      <History
        section="accounts"
        id={id}
        read={(cursor) =>
          answer(
            api.GET("/api/accounts/accounts/{account_id}/history", {
              params: { ...at(id), query: { limit: 50, ...cursor } },
            }),
          )
        }
      />
      <Erasure account={account} />
    </>
  );
}

/** A role that manages people is needed: a single right is not enough. */
function Erasure({ account }: { account: AccountCard }) {
  const { t } = useTranslation();
  const navigate = useNavigate();
  const { role } = useIdentity();
  if (role !== "owner" && role !== "manager") return null;
  return (
    <section className={classes.card}>
      <div>
        <Title order={2}>{t("settings.data.erase")}</Title>
        <Text size="sm" c="dimmed">
          {t("settings.data.eraseText")}
        </Text>
      </div>
      <Group>
        <DeleteButton
          section="accounts"
          ml={0}
          name={account.name}
          label={t("settings.data.eraseIt")}
          text={t("settings.data.sure")}
          typed={account.name}
          remove={() => answer(api.DELETE("/api/accounts/accounts/{account_id}", { params: at(account.id) }))}
          onDeleted={() => navigate({ to: "/settings/accounts" })}
        />
      </Group>
    </section>
  );
}
