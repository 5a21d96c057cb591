/** The app's own texts, so that one test speaks every language the app does. */
import { readFileSync } from "node:fs";

/** `t("customers:new")` in the language of the browser; counts take `_other`. */
export function wordsOf(locale: string): (key: string) => string {
  const language = locale.startsWith("en") ? "en" : "zh-CN";
  const areas = new Map<string, unknown>();
  return (key) => {
    const [area = "", path = ""] = key.split(":");
    if (!areas.has(area)) {
      const file = new URL(`../../frontend/src/locales/${language}/${area}.json`, import.meta.url);
      areas.set(area, JSON.parse(readFileSync(file, "utf8")));
    }
    const found = path
      .split(".")
      .reduce<unknown>((at, part) => (at as Record<string, unknown>)?.[part], areas.get(area));
    if (typeof found !== "string") throw new Error(`no text ${key} in ${language}`);
    return found;
  };
}
