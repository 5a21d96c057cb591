import { useTranslation } from "react-i18next";
import type { ServerForm } from "@/shared/form";
import { TextInput } from "@/shared/ui";
import type { GroupsValues } from "../goods/form";
import { type GoodsList, GoodsSettings } from "../goods/GoodsSettings";
import { AMOUNTS, blank, type DurableValues, durablesOf, schema, valuesOf } from "./form";

const LIST: GoodsList<DurableValues> = {
  member: "durables",
  useWords,
  schema,
  typed: (settings, currency) => valuesOf(settings.durables, currency),
  read: (groups, currency) => ({ durables: durablesOf(groups, currency) }),
  blank,
  Fields,
};

function useWords() {
  const { t } = useTranslation("durables");
  return {
    title: t("form.title"),
    about: t("form.about"),
    add: t("form.add"),
    saved: t("form.saved"),
    nth: (n: number) => t("form.nth", { n }),
  };
}

/** What buyers of durables are expected to bring yet. */
export default function DurablesSettings({ onClose }: { onClose: () => void }) {
  return <GoodsSettings list={LIST} onClose={onClose} />;
}

interface FieldsProps {
  form: ServerForm<GroupsValues<DurableValues>>;
  at: number;
  currency: string;
}

function Fields({ form, at, currency }: FieldsProps) {
  const { t } = useTranslation("durables");
  return (
    <>
      <TextInput
        label={t("form.units")}
        description={t("form.units_hint")}
        inputMode="decimal"
        required
        {...form.field(`groups.${at}.units`)}
      />
      {AMOUNTS.map((name) => (
        <TextInput
          key={name}
          label={t(`form.${name}`, { currency })}
          description={t(`form.${name}_hint`)}
          inputMode="decimal"
          {...form.field(`groups.${at}.${name}`)}
        />
      ))}
    </>
  );
}
