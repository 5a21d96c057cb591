/**
 * Numbers, money and dates as people read them. Money stays a decimal string: it is cut and grouped as text,
 * never turned into a float. Chinese shortens at 万 and 亿, English at K, M and B.
 *
 *   const f = useFormat();  f.money(order.net)  f.short("1234567.80")  f.date("2025-06-08")  f.ago(instant)
 */
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { useSession } from "@/api/session";
import type { Money } from "@/api/types";
import { PLAIN, placesOf, rounded, trimmed } from "./decimal";

/** `1234567.8` → `1,234,567.80`. Rounds half up on the text when there are more decimals than asked for. */
export function groupDecimal(amount: string, decimals?: number): string {
  if (!PLAIN.test(amount)) return amount;
  const text = decimals === undefined ? amount : rounded(amount, decimals);
  const negative = text.startsWith("-");
  const [whole = "0", fraction] = (negative ? text.slice(1) : text).split(".");
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",");
  return `${negative ? "−" : ""}${grouped}${fraction ? `.${fraction}` : ""}`;
}

/** Moves the decimal point left by `places`, as text. */
function shiftLeft(amount: string, places: number): string {
  const negative = amount.startsWith("-");
  const [whole = "0", fraction = ""] = (negative ? amount.slice(1) : amount).split(".");
  const padded = whole.padStart(places + 1, "0");
  return `${negative ? "-" : ""}${padded.slice(0, -places)}.${padded.slice(-places)}${fraction}`;
}

const SCALES: Record<string, readonly [digits: number, places: number, unit: string][]> = {
  zh: [
    [9, 8, "亿"],
    [5, 4, "万"],
  ],
  en: [
    [10, 9, "B"],
    [7, 6, "M"],
    [5, 3, "K"],
  ],
};

/** `1234567.80` → `123.5万` or `1.2M`. Below the first scale: grouped, no decimals. */
export function shortDecimal(amount: string, language: string): string {
  if (!PLAIN.test(amount)) return amount;
  const length = amount.replace("-", "").split(".")[0]?.length ?? 0;
  const scale = (SCALES[language.startsWith("zh") ? "zh" : "en"] ?? []).find(([digits]) => length >= digits);
  if (!scale) return groupDecimal(amount, 0);
  return `${groupDecimal(shiftLeft(amount, scale[1]), 1).replace(/\.0$/, "")}${scale[2]}`;
}

const DATE_ONLY = /^\d{4}-\d{2}-\d{2}$/;
/** A calendar date has no zone: read and write it as UTC so that it never slips a day. */
const asMoment = (value: string) => new Date(DATE_ONLY.test(value) ? `${value}T00:00:00Z` : value);

export interface Format {
  number(value: number | string | null | undefined, decimals?: number): string;
  percent(share: number | null | undefined, decimals?: number): string;
  /** Decimal text without the zeros that only fill places. */
  quantity(value: string): string;
  /** With as many decimals as the currency has: none of yen, three of dinars. */
  money(value: Money | null | undefined): string;
  /** Company-currency amount, shortened for cards and charts. */
  short(value: Money | string | null | undefined): string;
  date(value: string | null | undefined): string;
  /** Month and day only: birthdays, coming dates. */
  monthDay(value: string | null | undefined): string;
  dateTime(value: string | null | undefined): string;
  /** "3 days ago", with the full instant to be put in a tooltip by the caller. */
  ago(value: string | null | undefined, now?: Date): string;
  bytes(size: number): string;
  language: string;
}

const NONE = "–";

export function makeFormat(language: string, currency: string, timeZone: string): Format {
  const symbol = (code: string) =>
    new Intl.NumberFormat(language, { style: "currency", currency: code, currencyDisplay: "narrowSymbol" })
      .formatToParts(0)
      .find((part) => part.type === "currency")?.value ?? code;
  const withSymbol = (code: string, text: string) =>
    text.startsWith("−") ? `−${symbol(code)}${text.slice(1)}` : `${symbol(code)}${text}`;
  const month = language === "en" ? "short" : "numeric";
  const full = { year: "numeric", month, day: "numeric" } as const;
  const day = new Intl.DateTimeFormat(language, { ...full, timeZone: "UTC" });
  const dayZoned = new Intl.DateTimeFormat(language, { ...full, timeZone });
  const monthDay = new Intl.DateTimeFormat(language, { month, day: "numeric", timeZone: "UTC" });
  const moment = new Intl.DateTimeFormat(language, {
    ...full,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
    timeZone,
  });
  const relative = new Intl.RelativeTimeFormat(language, { numeric: "auto" });

  return {
    language,
    number: (value, decimals) =>
      value === null || value === undefined ? NONE : groupDecimal(String(value), decimals),
    percent: (share, decimals = 0) =>
      share === null || share === undefined
        ? NONE
        : new Intl.NumberFormat(language, {
            style: "percent",
            minimumFractionDigits: decimals,
            maximumFractionDigits: decimals,
          }).format(share),
    quantity: (value) => groupDecimal(trimmed(value)),
    money: (value) =>
      value ? withSymbol(value.currency, groupDecimal(value.amount, placesOf(value.currency))) : NONE,
    short: (value) => {
      if (value === null || value === undefined) return NONE;
      return typeof value === "string"
        ? withSymbol(currency, shortDecimal(value, language))
        : withSymbol(value.currency, shortDecimal(value.amount, language));
    },
    date: (value) => (value ? (DATE_ONLY.test(value) ? day : dayZoned).format(asMoment(value)) : NONE),
    monthDay: (value) => (value ? monthDay.format(asMoment(value)) : NONE),
    dateTime: (value) => (value ? moment.format(asMoment(value)) : NONE),
    ago: (value, now = new Date()) => {
      if (!value) return NONE;
      const seconds = (asMoment(value).getTime() - now.getTime()) / 1000;
      const steps: [Intl.RelativeTimeFormatUnit, number][] = [
        ["year", 31_557_600],
        ["month", 2_629_800],
        ["day", 86_400],
        ["hour", 3_600],
        ["minute", 60],
      ];
      for (const [unit, size] of steps) {
        if (Math.abs(seconds) >= size) return relative.format(Math.trunc(seconds / size), unit);
      }
      return relative.format(0, "minute");
    },
    bytes: (size) => {
      const units = ["B", "KB", "MB", "GB"];
      let value = size;
      let step = 0;
      while (value >= 1024 && step < units.length - 1) {
        value /= 1024;
        step += 1;
      }
      return `${groupDecimal(value.toFixed(value < 10 && step > 0 ? 1 : 0))} ${units[step]}`;
    },
  };
}

/** Formats for the person's language and the company's currency and time zone. */
export function useFormat(): Format {
  const { i18n } = useTranslation();
  const company = useSession()?.company;
  const currency = company?.currency ?? "CNY";
  const zone = company?.time_zone ?? "Asia/Shanghai";
  return useMemo(() => makeFormat(i18n.language, currency, zone), [i18n.language, currency, zone]);
}
