import { problemOf } from "@/api/problems";
import { send } from "@/api/send";

const KEPT = 60_000;

/**
 * Hand somebody what a service answers as a file, by the name that the service gives it. A part is never taken for all of
 * it: a connection that is cut off fails.
 */
export async function download(path: string, name: string): Promise<void> {
  const response = await send(new Request(new URL(path, location.origin)));
  if (!response.ok) throw await problemOf(response);
  const named = /filename="([^"]+)"/.exec(response.headers.get("Content-Disposition") ?? "");
  saveFile(await response.blob(), named?.[1] ?? name);
}

/** As if it had been a link. */
function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT);
}
