import { ActionIcon, FileButton, Group, Loader, Textarea, Tooltip } from "@mantine/core";
import {
  IconBold,
  IconCode,
  IconItalic,
  IconList,
  IconPaperclip,
  IconQuote,
  IconX,
  type Icon,
} from "@tabler/icons-react";
import { useRef, useState, type RefObject } from "react";
import { useTranslation } from "react-i18next";

import { useFormat } from "@/i18n/useFormat";

import { marked, type Mark } from "./marks";
import type { Uploads } from "./uploads";
import classes from "./writing.module.css";

interface Props {
  label: string;
  value: string;
  onChange: (text: string) => void;
  uploads: Uploads;
  placeholder?: string;
  disabled?: boolean;
  minRows?: number;
  onSend?: () => void;
  inputRef?: RefObject<HTMLTextAreaElement | null>;
}

const MARKS: { mark: Mark; icon: Icon }[] = [
  { mark: "bold", icon: IconBold },
  { mark: "italic", icon: IconItalic },
  { mark: "code", icon: IconCode },
  { mark: "list", icon: IconList },
  { mark: "quote", icon: IconQuote },
];

/** Where Markdown is written; files come by drop, paste or choice. Ctrl Enter sends. */
export function TextField({ label, value, onChange, uploads, onSend, ...rest }: Props) {
  const { t } = useTranslation();
  const ownField = useRef<HTMLTextAreaElement>(null);
  const field = rest.inputRef ?? ownField;
  const [isOver, setOver] = useState(false);

  const mark = (kind: Mark) => {
    const element = field.current;
    if (!element) return;
    const next = marked(value, element.selectionStart, element.selectionEnd, kind);
    onChange(next.text);
    requestAnimationFrame(() => {
      element.focus();
      element.setSelectionRange(next.from, next.to);
    });
  };

  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-element-interactions -- dropping files; the button does the same by keyboard
    <div
      role="group"
      aria-label={label}
      className={`${classes.field} ${isOver ? classes.over : ""}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        event.preventDefault();
        setOver(false);
        uploads.add(event.dataTransfer.files);
      }}
    >
      <Textarea
        ref={field}
        variant="unstyled"
        aria-label={label}
        placeholder={rest.placeholder ?? ""}
        disabled={rest.disabled ?? false}
        autosize
        minRows={rest.minRows ?? 3}
        maxRows={16}
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
        onPaste={(event) => {
          if (event.clipboardData.files.length === 0) return;
          event.preventDefault();
          uploads.add(event.clipboardData.files);
        }}
        onKeyDown={(event) => {
          if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
          event.preventDefault();
          onSend?.();
        }}
      />
      <Files uploads={uploads} />
      <Group gap={2} className={classes.marks ?? ""}>
        {MARKS.map((each) => (
          <Tooltip key={each.mark} label={t(`writing.${each.mark}`)}>
            <ActionIcon
              variant="subtle"
              color="gray"
              size="md"
              disabled={rest.disabled ?? false}
              aria-label={t(`writing.${each.mark}`)}
              onClick={() => mark(each.mark)}
            >
              <each.icon size={17} />
            </ActionIcon>
          </Tooltip>
        ))}
        <FileButton multiple onChange={(files) => uploads.add(files)}>
          {(button) => (
            <Tooltip label={t("writing.attach")}>
              <ActionIcon variant="subtle" color="gray" size="md" aria-label={t("writing.attach")} {...button}>
                <IconPaperclip size={17} />
              </ActionIcon>
            </Tooltip>
          )}
        </FileButton>
      </Group>
    </div>
  );
}

function Files({ uploads }: { uploads: Uploads }) {
  const { t } = useTranslation();
  const format = useFormat();
  if (uploads.files.length === 0) return null;
  return (
    <ul className={classes.files} aria-label={t("writing.files")}>
      {uploads.files.map((file) => (
        <li key={file.key}>
          {file.upload ? (
            <IconPaperclip size={14} aria-hidden />
          ) : (
            <Loader size={12} aria-label={t("writing.uploading")} />
          )}
          <span>{file.name}</span>
          {file.upload && <span className={classes.size}>{format.bytes(file.upload.size)}</span>}
          <ActionIcon
            size="xs"
            variant="subtle"
            color="gray"
            aria-label={t("writing.removeFile", { name: file.name })}
            onClick={() => uploads.remove(file.key)}
          >
            <IconX size={12} />
          </ActionIcon>
        </li>
      ))}
    </ul>
  );
}
