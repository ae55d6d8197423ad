import { Button } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import type { ListSection } from "../sections";
import { NEW } from "./things";

export function NewLink({ section, label }: { section: ListSection; label: string }) {
  return (
    <Button
      renderRoot={(root) => <Link to={`/settings/${section}/$id`} params={{ id: NEW }} {...root} />}
      leftSection={<IconPlus size={16} aria-hidden />}
    >
      {label}
    </Button>
  );
}
