import { Skeleton, Stack } from "@mantine/core";
import type { UseQueryResult } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";

import { Failed } from "@/shell/Failed";

/** What was read, or that it is on its way, or why it did not come. */
export function Shown<T>({ query, children }: { query: UseQueryResult<T>; children: (data: T) => ReactNode }) {
  if (query.data !== undefined) return children(query.data);
  if (query.error) return <Failed error={query.error} retry={() => void query.refetch()} />;
  return <Loading />;
}

export function Loading({ rows = 5 }: { rows?: number }) {
  const { t } = useTranslation();
  return (
    <Stack role="status" aria-label={t("common.loading")} gap="sm">
      {Array.from({ length: rows }, (_, place) => (
        <Skeleton key={place} height={44} radius="md" />
      ))}
    </Stack>
  );
}
