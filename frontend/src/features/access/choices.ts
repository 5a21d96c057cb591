import type { Schema } from "@/api";

/** Short lists offered by several forms of this area. */
export const CURRENCIES = ["CNY", "HKD", "TWD", "USD", "EUR", "GBP", "JPY", "SGD", "KRW", "AUD", "CAD"];

export const localeOptions: { value: Schema<"Locale">; label: string }[] = [
  { value: "zh-CN", label: "简体中文" },
  { value: "en", label: "English" },
];

/** The zones this browser knows, which are the IANA names the server takes. */
export const timeZones = (): string[] => {
  const known = Intl.supportedValuesOf("timeZone");
  return known.includes("UTC") ? known : [...known, "UTC"];
};
