/** How single fields of a customer are edited in place, in the list and on the page alike. */
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { customFieldsQuery, labelOf } from "@/features/platform";
import { type FieldSave, fieldEdit, fieldEdits } from "@/shared/form";
import type { CellEdit } from "@/shared/grid";
import { BUYING_STYLES, GENDERS, type Option, STATUSES, useDictionary, usePeople, useWords } from "./choices";
import { customOptions, customText } from "./custom";
import { useMasks } from "./masked";
import type { Customer, CustomerPatch } from "./types";

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

/** The list with its primary entry changed, added or — for null — removed. */
function withPrimary<T extends { primary: boolean }>(list: T[], change: ((one?: T) => T) | null): T[] {
  const at = Math.max(
    list.findIndex((one) => one.primary),
    0,
  );
  if (change === null) return list.toSpliced(at, 1).map((one, index) => ({ ...one, primary: index === 0 }));
  if (list.length === 0) return [change()];
  return list.map((one, index) => (index === at ? change(one) : one));
}

type Saver = FieldSave<Customer, CustomerPatch>;
type Plain = "level" | "source" | "industry" | "birthday" | "tax_id" | "note";

/** The fields that are masked for the person have no edit. */
export function useCustomerEdits(saver: Saver): Record<Editable, CellEdit<Customer> | undefined> {
  const { t } = useTranslation("customers");
  const masked = useMasks();
  const status = useWords("status", STATUSES);
  const gender = useWords("gender", GENDERS);
  const style = useWords("buying_style", BUYING_STYLES);
  const level = useDictionary("level");
  const source = useDictionary("source");
  const industry = useDictionary("industry");
  const people = usePeople();
  const { save } = saver;
  return useMemo(() => {
    const edit = fieldEdits<Editable, Customer, CustomerPatch>(save, (key) => t(`field.${key}`));
    const plain = (key: Plain, kind: CellEdit<Customer>["kind"] = "text", options?: Option[]) =>
      edit(
        key,
        kind,
        (row) => row[key] ?? null,
        (value) => ({ [key]: value }),
        options,
      );
    const all: Record<Editable, CellEdit<Customer>> = {
      name: edit(
        "name",
        "text",
        (row) => row.name,
        (value) => ({ name: value ?? "" }),
      ),
      status: edit(
        "status",
        "select",
        (row) => row.status,
        (value) => ({ status: STATUSES.find((one) => one === value) }),
        status.options,
      ),
      gender: edit(
        "gender",
        "select",
        (row) => row.gender ?? null,
        (value) => ({ gender: GENDERS.find((one) => one === value) ?? null }),
        gender.options,
      ),
      buying_style: edit(
        "buying_style",
        "select",
        (row) => row.buying_style ?? null,
        (value) => ({ buying_style: BUYING_STYLES.find((one) => one === value) ?? null }),
        style.options,
      ),
      level: plain("level", "select", level.options),
      source: plain("source", "select", source.options),
      industry: plain("industry", "select", industry.options),
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
      phone: edit("phone", "text", primaryPhone, (number, row) => ({
        phones: withPrimary(
          row.phones,
          number === null ? null : (one) => ({ ...one, number, primary: true }),
        ),
      })),
      email: edit("email", "text", primaryEmail, (address, row) => ({
        emails: withPrimary(
          row.emails,
          address === null ? null : (one) => ({ ...one, address, primary: true }),
        ),
      })),
    };
    const open: Partial<typeof all> = Object.fromEntries(Object.entries(all).filter(([key]) => !masked(key)));
    return open as Record<Editable, CellEdit<Customer> | undefined>;
  }, [t, save, status, gender, style, level, source, industry, people, masked]);
}

/** In-place editing of the company's own fields; none for those with several values. */
export function useCustomEdits(saver: Saver) {
  const { t, i18n } = useTranslation("customers");
  const fields = useQuery(customFieldsQuery("customer")).data;
  const people = usePeople();
  const masked = useMasks();
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
          const edit =
            field.type === "multi_choice" || field.type === "party" || masked(`custom.${field.key}`)
              ? undefined
              : fieldEdit(save, {
                  label,
                  kind,
                  value: text,
                  options,
                  body: (next) => ({
                    custom: { [field.key]: field.type === "bool" && next ? next === "true" : next },
                  }),
                });
          return { field, label, edit, options };
        }),
    [fields, i18n.language, people, save, t, masked],
  );
}
