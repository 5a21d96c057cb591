import { useTranslation } from "react-i18next";
import { useDictionary } from "@/features/customers";

/** What touchpoints are called: kinds of contact here, channels and places by the company's dictionaries. */
export function useTouchpointWord() {
  const { t } = useTranslation("keyaccounts");
  const channels = useDictionary("channel");
  const places = useDictionary("touchpoint");
  return (group: string, key: string) => {
    if (group === "order") return channels.word(key);
    if (group === "place") return places.word(key);
    return t(`touch.${key}`, { defaultValue: key });
  };
}
