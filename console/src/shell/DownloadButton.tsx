import { Button, type ButtonProps } from "@mantine/core";
import { IconDownload } from "@tabler/icons-react";
import { useMutation } from "@tanstack/react-query";

import { download } from "@/writing/saveFile";

interface Props extends ButtonProps {
  label: string;
  /** What is handed out, and what it is called if the service does not say. */
  path: string;
  name: string;
}

export function DownloadButton({ label, path, name, ...look }: Props) {
  const saving = useMutation({ mutationFn: () => download(path, name) });
  return (
    <Button
      variant="default"
      leftSection={<IconDownload size={16} aria-hidden />}
      {...look}
      loading={saving.isPending}
      onClick={() => saving.mutate()}
    >
      {label}
    </Button>
  );
}
