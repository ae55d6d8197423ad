import { UnstyledButton } from "@mantine/core";
import { IconFile, IconPhoto } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";

import { answer, api } from "@/api/client";
import type { Attachment } from "@/api/types";
import { useFormat } from "@/i18n/useFormat";
import { showProblem } from "@/shell/problemNotice";

import classes from "./attachments.module.css";

export function AttachmentList({ ticketId, attachments }: { ticketId: string; attachments: Attachment[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (attachments.length === 0) return null;
  return (
    <ul className={classes.list} aria-label={t("writing.files")}>
      {attachments.map((file) => {
        const Sign = file.content_type.startsWith("image/") ? IconPhoto : IconFile;
        return (
          <li key={file.id}>
            <UnstyledButton className={classes.file} onClick={() => void open(ticketId, file).catch(showProblem)}>
              <Sign size={16} aria-hidden />
              <span>{file.name}</span>
              <span className={classes.size}>{format.bytes(file.size)}</span>
            </UnstyledButton>
          </li>
        );
      })}
    </ul>
  );
}

/** A browser sends no token with a download, so a link is made that opens this one file for a short time. */
async function open(ticketId: string, file: Attachment): Promise<void> {
  const path = { ticket_id: ticketId, attachment_id: file.id };
  const { url } = await answer(
    api.POST("/api/intake/tickets/{ticket_id}/attachments/{attachment_id}/link", { params: { path } }),
  );
  const link = document.createElement("a");
  link.href = url;
  link.target = "_blank";
  link.rel = "noopener";
  link.click();
}
