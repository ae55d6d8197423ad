import createClient from "openapi-fetch";

import { problemOf } from "./problems";
import { send } from "./send";
import type { Paths } from "./types";

/** All services' routes, typed by their OpenAPI documents. Give what it answers to `answer` or `told`. */
export const api = createClient<Paths>({
  baseUrl: globalThis.location.origin,
  fetch: send,
  querySerializer: { array: { style: "form", explode: true } },
});

interface Reply<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** What was answered; Problem if it was refused. */
export async function answer<T>(reply: Promise<Reply<T>>): Promise<T> {
  return (await told(reply)).data;
}

export interface Told<T> {
  data: T;
  /** Stands for the fact in its service's log: query given it back waits until it shows. */
  consistency: string | null;
  etag: string | null;
}

/** As `answer`, with what the headers say. */
export async function told<T>(reply: Promise<Reply<T>>): Promise<Told<T>> {
  const { data, error, response } = await reply;
  if (!response.ok) throw await problemOf(response, error);
  return {
    data: data as T,
    consistency: response.headers.get("Consistency-Token"),
    etag: response.headers.get("ETag"),
  };
}
