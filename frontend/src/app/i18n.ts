/**
 * Languages. Texts live in src/locales/<language>/<area>.json and load with the area that uses them
 * (`useTranslation("customers")`). `common` loads before the first paint.
 */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";

export const LANGUAGES = ["zh-CN", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

const STORED = "regulars.language";
const files = import.meta.glob<{ default: Record<string, unknown> }>("../locales/*/*.json");

export const asLanguage = (tag: string | null | undefined): Language | undefined => {
  if (!tag) return undefined;
  if (tag.toLowerCase().startsWith("zh")) return "zh-CN";
  return tag.toLowerCase().startsWith("en") ? "en" : undefined;
};

function preferred(): Language {
  const stored = asLanguage(localStorage.getItem(STORED));
  if (stored) return stored;
  for (const tag of navigator.languages) {
    const known = asLanguage(tag);
    if (known) return known;
  }
  return "zh-CN";
}

export const currentLanguage = (): Language => asLanguage(i18next.language) ?? "zh-CN";

/** Remembers the choice on this device; the account's own `locale` is set through PATCH /me. */
export async function setLanguage(language: Language): Promise<void> {
  localStorage.setItem(STORED, language);
  if (language !== i18next.language) await i18next.changeLanguage(language);
}

export async function startLanguages(): Promise<void> {
  i18next.on("languageChanged", (language) => {
    document.documentElement.lang = language;
  });
  await i18next
    .use({
      type: "backend",
      read(language: string, area: string, done: (error: unknown, texts?: unknown) => void) {
        const load = files[`../locales/${language}/${area}.json`];
        if (!load) return done(new Error(`no texts for ${language}/${area}`));
        load().then(
          (module) => done(null, module.default),
          (error) => done(error),
        );
      },
    })
    .use(initReactI18next)
    .init({
      lng: preferred(),
      fallbackLng: "zh-CN",
      supportedLngs: LANGUAGES,
      load: "currentOnly",
      ns: ["common"],
      defaultNS: "common",
      interpolation: { escapeValue: false },
      returnNull: false,
    });
}
