/** How single fields of a customer are edited in place, in the list and on the page alike. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { customFieldsQuery, labelOf } from "@/features/platform";
import type { FieldSave } from "@/shared/form";
import type { CellEdit } from "@/shared/grid";
import { BUYING_STYLES, GENDERS, type Option, STATUSES, useDictionary, usePeople, useWords } from "./choices";
import { customOptions, customText } from "./custom";
import type { Customer } from "./types";

export type Editable =
  | "name"
  | "status"
  | "level"
  | "source"
  | "industry"
  | "owner"
  | "phone"
  | "email"
  | "birthday"
  | "gender"
  | "tax_id"
  | "buying_style"
  | "note";

export const primaryPhone = (row: Customer): string | null =>
  (row.phones.find((one) => one.primary) ?? row.phones[0])?.number ?? null;
export const primaryEmail = (row: Customer): string | null =>
  (row.emails.find((one) => one.primary) ?? row.emails[0])?.address ?? null;

/** The list with its primary entry replaced, added or — for null — removed. */
function withPrimary<T extends { primary: boolean }>(list: T[], part: Partial<T> | null): T[] {
  const at = Math.max(
    list.findIndex((one) => one.primary),
    0,
  );
  if (part === null) return list.toSpliced(at, 1).map((one, index) => ({ ...one, primary: index === 0 }));
  if (list.length === 0) return [{ ...part, primary: true } as T];
  return list.map((one, index) => (index === at ? { ...one, ...part, primary: true } : one));
}

type Body = (value: string | null, row: Customer) => Record<string, unknown>;

export function useCustomerEdits(saver: FieldSave<Customer>): Record<Editable, CellEdit<Customer>> {
  const { t } = useTranslation("customers");
  const status = useWords("status", STATUSES);
  const gender = useWords("gender", GENDERS);
  const style = useWords("buying_style", BUYING_STYLES);
  const level = useDictionary("level");
  const source = useDictionary("source");
  const industry = useDictionary("industry");
  const people = usePeople();
  const { save } = saver;
  return useMemo(() => {
    const edit = (
      key: Editable,
      kind: CellEdit<Customer>["kind"],
      value: (row: Customer) => string | null,
      body: Body,
      options?: Option[],
    ): CellEdit<Customer> => {
      const words = (id: string | null) => options?.find((one) => one.value === id)?.label ?? id ?? "";
      return {
        kind,
        value,
        options,
        save: (row, next) =>
          save(row, {
            label: t(`field.${key}`),
            body: body(next, row),
            words: (one) => words(value(one)),
            mine: words(next),
          }),
      };
    };
    const plain = (
      key: Editable & keyof Customer,
      kind: CellEdit<Customer>["kind"] = "text",
      options?: Option[],
    ) =>
      edit(
        key,
        kind,
        (row) => (row[key] as string | null) ?? null,
        (value) => ({ [key]: value }),
        options,
      );
    return {
      name: plain("name"),
      status: plain("status", "select", status.options),
      level: plain("level", "select", level.options),
      source: plain("source", "select", source.options),
      industry: plain("industry", "select", industry.options),
      gender: plain("gender", "select", gender.options),
      buying_style: plain("buying_style", "select", style.options),
      birthday: plain("birthday", "date"),
      tax_id: plain("tax_id"),
      note: plain("note"),
      owner: edit(
        "owner",
        "select",
        (row) => row.owner?.id ?? null,
        (value) => ({ owner_id: value }),
        people,
      ),
      phone: edit("phone", "text", primaryPhone, (value, row) => ({
        phones: withPrimary(row.phones, value === null ? null : { number: value }),
      })),
      email: edit("email", "text", primaryEmail, (value, row) => ({
        emails: withPrimary(row.emails, value === null ? null : { address: value }),
      })),
    };
  }, [t, save, status, gender, style, level, source, industry, people]);
}

/** In-place editing of the company's own fields; none for those with several values. */
export function useCustomEdits(saver: FieldSave<Customer>) {
  const { t, i18n } = useTranslation("customers");
  const fields = useQuery(customFieldsQuery("customer")).data;
  const people = usePeople();
  const { save } = saver;
  return useMemo(
    () =>
      (fields ?? [])
        .filter((field) => field.active)
        .map((field) => {
          const options = customOptions(field, i18n.language, people, t);
          const kind: CellEdit<Customer>["kind"] = options
            ? "select"
            : field.type === "date"
              ? "date"
              : field.type === "number" || field.type === "money"
                ? "number"
                : "text";
          const text = (row: Customer) => customText(row.custom[field.key]);
          const label = labelOf(field, i18n.language);
          const words = (value: string | null) =>
            options?.find((one) => one.value === value)?.label ?? value ?? "";
          const edit: CellEdit<Customer> | undefined =
            field.type === "multi_choice" || field.type === "party"
              ? undefined
              : {
                  kind,
                  value: text,
                  options,
                  save: (row, next) =>
                    save(row, {
                      label,
                      body: {
                        custom: { [field.key]: field.type === "bool" && next ? next === "true" : next },
                      },
                      words: (one) => words(text(one)),
                      mine: words(next),
                    }),
                };
          return { field, label, edit, options };
        }),
    [fields, i18n.language, people, save, t],
  );
}
