import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import {
  type CustomField,
  customFieldsQuery,
  type FieldResource,
  labelOf,
  requiredIn,
} from "@/features/platform";
import { DateField, MultiSelect, Select, TextInput } from "@/shared/ui";
import { CustomerPicker } from "./CustomerPicker";
import { usePeople } from "./choices";
import { customOptions } from "./custom";
import { plainCustomerQuery } from "./queries";

interface Props {
  resource: FieldResource;
  /** The record as typed so far: other fields of it may decide which of these are required. */
  values: Record<string, unknown> & { custom: Record<string, unknown> };
  error: (path: `custom.${string}`) => ReactNode;
  put: (path: `custom.${string}`, value: unknown) => void;
  /** Which fields are left out, by their key among the masks. */
  closed?: (key: string) => boolean;
}

/** The company's own fields of a record, each with the input its type asks for. */
export function CustomInputs({ resource, closed, ...rest }: Props) {
  const fields = useQuery(customFieldsQuery(resource)).data ?? [];
  return fields
    .filter((field) => field.active && !closed?.(`custom.${field.key}`))
    .map((field) => <CustomInput key={field.id} field={field} {...rest} />);
}

type InputProps = { field: CustomField } & Omit<Props, "resource" | "closed">;

function CustomInput({ field, values, error, put }: InputProps) {
  const { t, i18n } = useTranslation("customers");
  const people = usePeople();
  const path = `custom.${field.key}` as const;
  const value = values.custom[field.key];
  const text = value === null || value === undefined ? null : String(value);
  const common = {
    label: labelOf(field, i18n.language),
    required: requiredIn(field, values),
    error: error(path),
  };
  const set = (next: unknown) => put(path, next);
  const options = customOptions(field, i18n.language, people, t);
  if (field.type === "multi_choice") {
    return (
      <MultiSelect
        {...common}
        data={options ?? []}
        value={Array.isArray(value) ? value.map(String) : []}
        onChange={set}
      />
    );
  }
  if (options) {
    return (
      <Select
        {...common}
        clearable
        searchable={field.type === "user"}
        data={options}
        value={text}
        onChange={(next) => set(field.type === "bool" && next ? next === "true" : next)}
      />
    );
  }
  if (field.type === "date") return <DateField {...common} value={text} onChange={set} />;
  if (field.type === "party") return <PartyInput {...common} value={text} onChange={set} />;
  const numeric = field.type === "number" || field.type === "money";
  return (
    <TextInput
      {...common}
      inputMode={numeric ? "decimal" : undefined}
      value={text ?? ""}
      onChange={(event) => set(event.currentTarget.value || null)}
    />
  );
}

interface PartyProps {
  label: string;
  required: boolean;
  error: ReactNode;
  value: string | null;
  onChange: (id: string | null) => void;
}

/** A customer; the record tells the id alone. */
function PartyInput({ value, ...rest }: PartyProps) {
  const chosen = useQuery({ ...plainCustomerQuery(value ?? ""), enabled: value !== null }).data;
  return <CustomerPicker {...rest} value={value} chosen={value ? chosen : null} />;
}
