import { useTranslation } from "react-i18next";
import type { ServerForm } from "@/shared/form";
import { TextInput } from "@/shared/ui";
import type { GroupsValues } from "../goods/form";
import { type GoodsList, GoodsSettings } from "../goods/GoodsSettings";
import { blank, type ProgrammeValues, programmesOf, schema, valuesOf } from "./form";

const LIST: GoodsList<ProgrammeValues> = {
  member: "programmes",
  useWords,
  schema,
  typed: (settings) => valuesOf(settings.programmes),
  read: (groups) => ({ programmes: programmesOf(groups) }),
  blank,
  Fields,
};

function useWords() {
  const { t } = useTranslation("programmes");
  return {
    title: t("form.title"),
    about: t("form.about"),
    add: t("form.add"),
    saved: t("form.saved"),
    nth: (n: number) => t("form.nth", { n }),
  };
}

/** Which sales are bills, and when a missed one means that a customer has left. */
export default function ProgrammesSettings({ onClose }: { onClose: () => void }) {
  return <GoodsSettings list={LIST} onClose={onClose} />;
}

function Fields({ form, at }: { form: ServerForm<GroupsValues<ProgrammeValues>>; at: number }) {
  const { t } = useTranslation("programmes");
  return (
    <>
      <TextInput
        label={t("form.period")}
        description={t("form.period_hint")}
        inputMode="numeric"
        required
        {...form.field(`groups.${at}.period_months`)}
      />
      <TextInput
        label={t("form.grace")}
        description={t("form.grace_hint")}
        inputMode="numeric"
        required
        {...form.field(`groups.${at}.grace_days`)}
      />
    </>
  );
}
