import { useTranslation } from "react-i18next";
import { useGroupOptions } from "@/features/catalog";
import { useDictionary } from "@/features/customers";
import { useConditionFields } from "@/shared/condition";
import type { ServerForm } from "@/shared/form";
import { Select, SimpleGrid } from "@/shared/ui";
import type { Values } from "./JourneyPanel";
import { CLASSES, useOptions } from "./words";

/** What the trigger is about: things of a kind, a class and what it became, a date of life. */
export function TriggerFields({ form }: { form: ServerForm<Values> }) {
  const { event } = form.values;
  if (event === "asset_added") return <OfCategory form={form} />;
  if (event === "class_changed") return <OfClass form={form} />;
  if (event === "date_of_life") return <OfDate form={form} />;
  return null;
}

function OfCategory({ form }: { form: ServerForm<Values> }) {
  const { t } = useTranslation("journeys");
  const { categories } = useGroupOptions();
  return (
    <Select
      label={t("category")}
      placeholder={t("any_category")}
      clearable
      searchable
      data={categories}
      {...form.field("about.category_id")}
    />
  );
}

function OfClass({ form }: { form: ServerForm<Values> }) {
  const { t } = useTranslation("journeys");
  const options = useOptions();
  const fields = useConditionFields("customers");
  const chosen = form.values.about.class;
  const field = fields.find((one) => one.field === `metrics.${chosen}` || one.field === chosen);
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }}>
      <Select
        label={t("class_title")}
        allowDeselect={false}
        data={options("class", CLASSES)}
        {...form.field("about.class")}
        onChange={(value) => form.set("about", { class: value as (typeof CLASSES)[number], became: null })}
      />
      <Select
        label={t("became")}
        allowDeselect={false}
        disabled={!field}
        data={field?.options ?? []}
        {...form.field("about.became")}
      />
    </SimpleGrid>
  );
}

function OfDate({ form }: { form: ServerForm<Values> }) {
  const { t } = useTranslation("journeys");
  const kinds = useDictionary("date_kind");
  return (
    <Select
      label={t("date_title")}
      allowDeselect={false}
      data={kinds.options}
      {...form.field("about.date")}
    />
  );
}
