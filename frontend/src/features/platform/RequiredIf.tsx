import { useTranslation } from "react-i18next";
import type { Filterable } from "@/api";
import { useConditionFields } from "@/shared/condition";
import type { ServerForm } from "@/shared/form";
import { MultiSelect, Select, Stack, Text } from "@/shared/ui";
import type { CustomField, FieldResource } from "./queries";

const LISTS = {
  customer: "customers",
  product: "products",
  order: "orders",
  quote: "quotes",
  opportunity: "opportunities",
} as const satisfies Record<FieldResource, Filterable>;

/** Fields every record of a kind has that may decide, as the server has them. */
const DECIDING: Record<FieldResource, string[]> = {
  customer: ["kind", "status", "level", "source", "industry", "gender", "buying_style", "internal"],
  product: [],
  order: ["channel"],
  quote: [],
  opportunity: ["type", "source"],
};

interface Values extends Record<string, unknown> {
  key: string;
  required_if: CustomField["required_if"];
}

/** Under what a field is required: the field that decides, and the values it must have. */
export function RequiredIf<V extends Values>({
  form,
  resource,
}: {
  form: ServerForm<V>;
  resource: FieldResource;
}) {
  const { t } = useTranslation("admin");
  const rule = form.values.required_if;
  const fields = useConditionFields(LISTS[resource]).filter((one) =>
    one.field.startsWith("custom.")
      ? one.field !== `custom.${form.values.key}`
      : DECIDING[resource].includes(one.field),
  );
  const chosen = fields.find((one) => one.field === rule?.field);
  const yesNo = [
    { value: "true", label: t("common:state.yes") },
    { value: "false", label: t("common:state.no") },
  ];
  const options = chosen?.type === "bool" ? yesNo : (chosen?.options ?? undefined);
  const put = (next: CustomField["required_if"]) => form.set("required_if", next as never);
  return (
    <Stack gap="xs">
      <Select
        label={t("fields.required_if")}
        description={t("fields.required_if_hint")}
        placeholder={t("fields.required_if_never")}
        clearable
        data={fields.map((one) => ({ value: one.field, label: one.label }))}
        error={form.field("required_if.field").error}
        value={rule?.field ?? null}
        onChange={(field) => put(field ? { field, values: [] } : null)}
      />
      {rule && options && (
        <MultiSelect
          label={t("fields.required_if_values")}
          placeholder={rule.values?.length ? undefined : t("fields.required_if_any")}
          data={options}
          error={form.field("required_if.values").error}
          value={rule.values ?? []}
          onChange={(values) => put({ ...rule, values })}
        />
      )}
      {rule && !options && (
        <Text size="sm" c="dimmed">
          {t("fields.required_if_any")}
        </Text>
      )}
    </Stack>
  );
}
