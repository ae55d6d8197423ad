import i18n from "i18next";
import { initReactI18next } from "react-i18next";

import { keepPreference, readPreference } from "@/shell/preferences";

import en from "./en.json";

export const LANGUAGES = { en: "English", ru: "Русский" } as const;
export type Language = keyof typeof LANGUAGES;

const LOADERS: Record<Language, () => Promise<object>> = {
  en: () => Promise.resolve(en),
  ru: () => import("./ru.json").then((module) => module.default),
};

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "translation";
    resources: { translation: typeof en };
  }
}

export async function startI18n(): Promise<void> {
  await i18n.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false }, // React does
  });
  await speak(readPreference<Language | null>("language", null) ?? ofBrowser());
}

/** Change the language, for the next visit as well. */
export async function chooseLanguage(language: Language): Promise<void> {
  keepPreference("language", language);
  await speak(language);
}

async function speak(language: Language): Promise<void> {
  if (!i18n.hasResourceBundle(language, "translation")) {
    i18n.addResourceBundle(language, "translation", await LOADERS[language]());
  }
  await i18n.changeLanguage(language);
  document.documentElement.lang = language;
}

/** What is said for a key that is made at run time; null if nothing is. */
export function saidFor(key: string): string | null {
  const known = key as "common.close";
  return i18n.exists(key) ? i18n.t(known) : null;
}

function ofBrowser(): Language {
  const known = navigator.languages.map((tag) => tag.slice(0, 2)).find((tag) => tag in LANGUAGES);
  return (known as Language | undefined) ?? "en";
}

export default i18n;
