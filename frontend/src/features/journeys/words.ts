import { useTranslation } from "react-i18next";
import type { Schema } from "@/api";

export const TRIGGERS = [
  "by_hand",
  "order_paid",
  "goods_delivered",
  "customer_coded",
  "asset_added",
  "class_changed",
  "date_of_life",
] as const satisfies Schema<"JourneyTrigger">[];
export const CLASSES = [
  "stage",
  "lifecycle",
  "loyalty_class",
  "matrix",
  "situation",
  "value_class",
] as const satisfies Schema<"JourneyClass">[];
export const CHANNELS = [
  "task",
  "call",
  "visit",
  "message",
  "mail",
] as const satisfies Schema<"JourneyChannel">[];
export const ROLES = ["owner", "unit_head", "person", "role"] as const satisfies Schema<"JourneyRole">[];
export const PROOFS = [
  "none",
  "note",
  "interaction",
  "attachment",
] as const satisfies Schema<"JourneyProof">[];
export const UNITS = ["days", "months", "years"] as const satisfies Schema<"JourneySpanUnit">[];

interface Named {
  name_zh: string;
  name_en: string;
}

/** The name of a template or of a step in the reader's language, as far as it has one. */
export function useName() {
  const { i18n } = useTranslation();
  const english = i18n.language.startsWith("en");
  return (one: Named) => (english ? one.name_en || one.name_zh : one.name_zh || one.name_en);
}

/** A closed list as options to choose from. */
export function useOptions() {
  const { t } = useTranslation("journeys");
  return (group: string, values: readonly string[]) =>
    values.map((value) => ({ value, label: t(`${group}.${value}`) }));
}
