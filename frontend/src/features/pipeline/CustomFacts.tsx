import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { customOptions, customText, customWords, usePeople } from "@/features/customers";
import { customFieldsQuery, labelOf } from "@/features/platform";
import { type FieldSave, fieldEdit, InlineField } from "@/shared/form";
import { useFormat } from "@/shared/format";
import type { Opportunity, OpportunityPatch } from "./types";

interface Props {
  row: Opportunity;
  saver: FieldSave<Opportunity, OpportunityPatch>;
  mayWrite: boolean;
}

/** The company's own fields of opportunities; those with several values are read here and written by a form or the API. */
export function CustomFacts({ row, saver, mayWrite }: Props) {
  const { t, i18n } = useTranslation("pipeline");
  const f = useFormat();
  const people = usePeople();
  const fields = useQuery(customFieldsQuery("opportunity")).data ?? [];
  return fields
    .filter((field) => field.active)
    .map((field) => {
      const options = customOptions(field, i18n.language, people, t);
      const number = field.type === "number" || field.type === "money";
      const kind = options ? "select" : field.type === "date" ? "date" : number ? "number" : "text";
      const closed = !mayWrite || field.type === "multi_choice" || field.type === "party";
      const label = labelOf(field, i18n.language);
      const edit = fieldEdit<Opportunity, OpportunityPatch>(saver.save, {
        label,
        kind,
        value: (one) => customText(one.custom[field.key]),
        options,
        body: (next) => ({ custom: { [field.key]: field.type === "bool" && next ? next === "true" : next } }),
      });
      return (
        <InlineField key={field.id} label={label} row={row} edit={closed ? undefined : edit}>
          {customWords(row.custom[field.key], field, options, f)}
        </InlineField>
      );
    });
}
