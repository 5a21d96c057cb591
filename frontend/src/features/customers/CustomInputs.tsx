import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type CustomField, customFieldsQuery, labelOf, requiredIn } from "@/features/platform";
import type { ServerForm } from "@/shared/form";
import { DateField, MultiSelect, Select, TextInput } from "@/shared/ui";
import { usePeople } from "./choices";
import { customOptions } from "./custom";
import type { CustomerValues } from "./form";

/** The company's own fields, each with the input its type asks for. */
export function CustomInputs({
  form,
  closed,
}: {
  form: ServerForm<CustomerValues>;
  /** Which fields are left out, by their key among the masks. */
  closed: (key: string) => boolean;
}) {
  const fields = useQuery(customFieldsQuery("customer")).data ?? [];
  return fields
    .filter((field) => field.active && !closed(`custom.${field.key}`))
    .map((field) => <CustomInput key={field.id} field={field} form={form} />);
}

function CustomInput({ field, form }: { field: CustomField; form: ServerForm<CustomerValues> }) {
  const { t, i18n } = useTranslation("customers");
  const people = usePeople();
  const path = `custom.${field.key}` as const;
  const value = form.values.custom[field.key];
  const common = { label: labelOf(field, i18n.language), required: requiredIn(field, form.values) };
  const { error } = form.field(path);
  const put = (next: unknown) => form.set(path, next);
  const options = customOptions(field, i18n.language, people, t);
  if (field.type === "multi_choice") {
    return (
      <MultiSelect
        {...common}
        error={error}
        data={options ?? []}
        value={Array.isArray(value) ? value.map(String) : []}
        onChange={put}
      />
    );
  }
  if (options) {
    return (
      <Select
        {...common}
        error={error}
        clearable
        searchable={field.type === "user"}
        data={options}
        value={value === null || value === undefined ? null : String(value)}
        onChange={(next) => put(field.type === "bool" && next ? next === "true" : next)}
      />
    );
  }
  if (field.type === "date") {
    return <DateField {...common} error={error} value={(value as string | null) ?? null} onChange={put} />;
  }
  const numeric = field.type === "number" || field.type === "money";
  return (
    <TextInput
      {...common}
      error={error}
      inputMode={numeric ? "decimal" : undefined}
      value={value === null || value === undefined ? "" : String(value)}
      onChange={(event) => put(event.currentTarget.value || null)}
    />
  );
}
