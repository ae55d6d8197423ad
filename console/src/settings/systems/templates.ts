/** Mail's wordings: the provider's own, and those that came with the product, which have no id. */
import { answer, api } from "@/api/client";
import type { NewTemplate, Template } from "@/api/types";

export const listTemplates = async () => (await answer(api.GET("/api/notify/templates"))).items;

export type TemplateKind = NewTemplate["kind"];

/** In the address: the id, or for one that came with the product what it is a wording of. */
export const addressOf = ({ id, kind, language }: Template): string => id ?? `${kind}-${language}`;
