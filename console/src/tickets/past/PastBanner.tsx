import { Alert, Button, Group, Text } from "@mantine/core";
import { IconHistory } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/i18n/useFormat";
import type { ListSearch } from "@/tickets/list/search";

/** Says that this is not how things are now, and leads back there. */
export function PastBanner({ search, ticketId }: { search: ListSearch; ticketId?: string }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (search.as_of === undefined) return null;
  const now: ListSearch = { ...search, as_of: undefined };
  return (
    <Alert color="orange" radius={0} py={6} icon={<IconHistory size={18} />} role="status" c="var(--ink)">
      <Group justify="space-between" gap="xs">
        <Text size="sm">{t("past.banner", { at: format.exact(search.as_of) })}</Text>
        <Button
          size="compact-sm"
          variant="default"
          renderRoot={(root) =>
            ticketId === undefined ? (
              <Link to="/tickets" search={now} {...root} />
            ) : (
              <Link to="/tickets/$ticketId" params={{ ticketId }} search={now} {...root} />
            )
          }
        >
          {t("past.back")}
        </Button>
      </Group>
    </Alert>
  );
}
