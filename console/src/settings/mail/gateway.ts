/** The form of a gateway, and the request that it makes. */
import type { Gateway, NewGateway } from "@/api/types";

export interface GatewayValues {
  address: string;
  category_id: string | null;
  project_id: string | null;
  language: string;
  enabled: boolean;
  authserv_id: string;
  /** Else a mail server hands its mail over. */
  isMailbox: boolean;
  imap: {
    host: string;
    port: number | string;
    security: "tls" | "starttls" | "none";
    user: string;
    folder: string;
    /** Empty: the one that is known stays. */
    password: string;
  };
}

export function valuesOf(gateway: Gateway | null): GatewayValues {
  const imap = gateway?.imap;
  return {
    address: gateway?.address ?? "",
    category_id: gateway?.category_id ?? null,
    project_id: gateway?.project_id ?? null,
    language: gateway?.language ?? "",
    enabled: gateway?.enabled ?? true,
    authserv_id: gateway?.authserv_id ?? "",
    isMailbox: imap != null,
    imap: {
      host: imap?.host ?? "",
      port: imap?.port ?? 993,
      security: imap?.security ?? "tls",
      user: imap?.user ?? "",
      folder: imap?.folder ?? "INBOX",
      password: "",
    },
  };
}

export function bodyOf({ isMailbox, imap, ...values }: GatewayValues): NewGateway {
  const { password, ...mailbox } = imap;
  return {
    ...values,
    category_id: values.category_id ?? "",
    language: orNull(values.language),
    authserv_id: orNull(values.authserv_id),
    imap: isMailbox ? { ...mailbox, port: Number(mailbox.port), ...(password === "" ? {} : { password }) } : null,
  };
}

const orNull = (text: string) => (text.trim() === "" ? null : text.trim());
