/** Days of the lunar calendar in words. */
import type { Schema } from "@/api";

export type Lunar = Schema<"LunarEntry">;

const TENS = ["初", "十", "廿"];
const DIGITS = ["十", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
const MONTHS = ["正", "二", "三", "四", "五", "六", "七", "八", "九", "十", "冬", "腊"];
const ROUND: Record<number, string> = { 10: "初十", 20: "二十", 30: "三十" };

export const lunarDayWord = (day: number): string =>
  ROUND[day] ?? `${TENS[Math.floor(day / 10)] ?? ""}${DIGITS[day % 10] ?? ""}`;

export const lunarMonthWord = (month: number): string => `${MONTHS[month - 1] ?? month}月`;

/** `闰六月初一`, or `6/1 (leap)`. */
export function lunarWords(lunar: Pick<Lunar, "month" | "day" | "leap">, language: string): string {
  return language === "en"
    ? `${lunar.month}/${lunar.day}${lunar.leap ? " (leap)" : ""}`
    : `${lunar.leap ? "闰" : ""}${lunarMonthWord(lunar.month)}${lunarDayWord(lunar.day)}`;
}
