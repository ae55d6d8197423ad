/** Files on their way into a message: each is uploaded as soon as it is dropped, pasted or chosen. */
import { useState } from "react";

import { problemOf } from "@/api/problems";
import { send } from "@/api/send";
import type { Upload } from "@/api/types";
import { newKey } from "@/api/keys";
import { showProblem } from "@/shell/problemNotice";

export interface Pending {
  key: string;
  name: string;
  /** Null while it is on its way. */
  upload: Upload | null;
}

export interface Uploads {
  files: Pending[];
  isBusy: boolean;
  /** What a message names. */
  ids: string[];
  add: (files: Iterable<File>) => void;
  remove: (key: string) => void;
  clear: () => void;
}

export function useUploads(): Uploads {
  const [files, setFiles] = useState<Pending[]>([]);
  const remove = (key: string) => setFiles((now) => now.filter((each) => each.key !== key));

  const add = (chosen: Iterable<File>) => {
    for (const file of chosen) {
      const key = newKey();
      setFiles((now) => [...now, { key, name: file.name, upload: null }]);
      upload(file, key).then(
        (done) => setFiles((now) => now.map((each) => (each.key === key ? { ...each, upload: done } : each))),
        (error: unknown) => {
          remove(key);
          showProblem(error);
        },
      );
    }
  };
  return {
    files,
    isBusy: files.some((each) => each.upload === null),
    ids: files.flatMap((each) => (each.upload ? [each.upload.id] : [])),
    add,
    remove,
    clear: () => setFiles([]),
  };
}

async function upload(file: File, key: string): Promise<Upload> {
  const headers = {
    "Content-Type": "application/octet-stream",
    "Content-Disposition": `attachment; filename*=UTF-8''${encoded(file.name)}`,
    "Idempotency-Key": key,
  };
  const response = await send(new Request("/api/intake/attachments", { method: "POST", headers, body: file }));
  if (!response.ok) throw await problemOf(response);
  return (await response.json()) as Upload;
}

/** As RFC 8187 has it. */
function encoded(name: string): string {
  return encodeURIComponent(name).replace(/['()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`);
}
