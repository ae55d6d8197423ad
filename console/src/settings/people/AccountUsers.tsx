import { Button, Group } from "@mantine/core";
import { IconAddressBook, IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import { Empty } from "@/shell/Empty";
import { Failed } from "@/shell/Failed";

import { Rows } from "../shared/Rows";
import { ShowMore } from "../shared/ShowMore";
import { Loading } from "../shared/States";
import { NEW } from "../shared/things";
import { usePages } from "../shared/usePages";

/** Who of an account signs in. */
export function AccountUsers({ accountId }: { accountId: string }) {
  const { t } = useTranslation();
  const query = { account_id: accountId };
  const pages = usePages("users", query, (cursor) =>
    answer(api.GET("/api/accounts/users", { params: { query: { ...query, limit: 50, ...cursor } } })),
  );
  return (
    <>
      <Group justify="flex-end" mb="sm">
        <Button
          renderRoot={(root) => (
            <Link to="/settings/users/$id" params={{ id: NEW }} search={{ account_id: accountId }} {...root} />
          )}
          leftSection={<IconPlus size={16} aria-hidden />}
        >
          {t("settings.users.new")}
        </Button>
      </Group>
      {pages.isLoading ? (
        <Loading rows={3} />
      ) : pages.error ? (
        <Failed error={pages.error} retry={() => void pages.refetch()} />
      ) : pages.items.length === 0 ? (
        <Empty icon={IconAddressBook} title={t("settings.users.none")} text={t("settings.users.noneText")} />
      ) : (
        <Rows
          section="users"
          label={t("settings.sections.users")}
          items={pages.items}
          row={({ name, email, enabled }) => ({ name, note: email, isOff: enabled === false })}
        />
      )}
      <ShowMore pages={pages} />
    </>
  );
}
