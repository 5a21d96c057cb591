import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type CustomField, customFieldsQuery, type FieldResource, labelOf } from "@/features/platform";
import { type FieldSave, fieldEdit, InlineField } from "@/shared/form";
import { useFormat } from "@/shared/format";
import { TextLink } from "@/shared/ui";
import { type Option, usePeople } from "./choices";
import { customOptions, customText, customWords } from "./custom";
import { plainCustomerQuery } from "./queries";

interface Held {
  id: string;
  version: number;
  custom: Record<string, unknown>;
}

interface Props<R extends Held, P> {
  resource: FieldResource;
  row: R;
  /** How one of them is changed where it stands; without, they are read only. */
  saver?: FieldSave<R, P>;
}

/** The company's own fields of a record. Those with several values and customers are read here and changed in its form. */
export function CustomFacts<R extends Held, P>({ resource, row, saver }: Props<R, P>) {
  const { t, i18n } = useTranslation("customers");
  const people = usePeople();
  const fields = useQuery(customFieldsQuery(resource)).data ?? [];
  return fields
    .filter((field) => field.active)
    .map((field) => {
      const options = customOptions(field, i18n.language, people, t);
      const number = field.type === "number" || field.type === "money";
      const kind = options ? "select" : field.type === "date" ? "date" : number ? "number" : "text";
      const label = labelOf(field, i18n.language);
      const edit =
        saver && field.type !== "multi_choice" && field.type !== "party"
          ? fieldEdit<R, P>(saver.save, {
              label,
              kind,
              value: (one) => customText(one.custom[field.key]),
              options,
              body: (next) =>
                ({ custom: { [field.key]: field.type === "bool" && next ? next === "true" : next } }) as P,
            })
          : undefined;
      return (
        <InlineField key={field.id} label={label} row={row} edit={edit}>
          <CustomValue field={field} value={row.custom[field.key]} options={options} />
        </InlineField>
      );
    });
}

interface ValueProps {
  field: CustomField;
  value: unknown;
  options: Option[] | undefined;
}

/** How a value reads; a customer is called by name. */
export function CustomValue({ field, value, options }: ValueProps) {
  const f = useFormat();
  const id = customText(value);
  if (field.type === "party" && id) return <PartyName id={id} />;
  return customWords(value, field, options, f);
}

/** Whom the reader does not see has no name here. */
function PartyName({ id }: { id: string }) {
  const found = useQuery(plainCustomerQuery(id)).data;
  return (
    found && (
      <TextLink to="/customers/$id" params={{ id }}>
        {found.name}
      </TextLink>
    )
  );
}
