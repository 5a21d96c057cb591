import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Form, FormActions, useServerForm } from "@/shared/form";
import { Dialog, toast } from "@/shared/ui";
import { patchCustomer } from "./commands";
import { DateFields } from "./DateFields";
import { blankDate, type DateEntry, dateEntry, dateValues, isWhole } from "./dateValues";
import { readCustomer } from "./queries";
import type { Customer } from "./types";

interface DialogProps {
  customer: Customer;
  /** The one that is changed; absent for a new one. */
  entry?: DateEntry;
  onClose: () => void;
  onSaved: () => void;
}

const same = (one: DateEntry, other: DateEntry) =>
  JSON.stringify(dateValues(one)) === JSON.stringify(dateValues(other));

/** The customer's dates as they are now, with one of them replaced, added or — for null — removed. */
export async function saveDate(customer: string, before: DateEntry | undefined, after: DateEntry | null) {
  const now = await readCustomer(customer);
  const at = before ? now.dates.findIndex((one) => same(one, before)) : -1;
  const rest = at < 0 ? now.dates : now.dates.toSpliced(at, 1);
  const place = at < 0 ? rest.length : at;
  return patchCustomer(now, { dates: after ? rest.toSpliced(place, 0, after) : rest });
}

export default function DateDialog({ customer, entry, onClose, onSaved }: DialogProps) {
  const { t } = useTranslation("customers");
  const [missing, setMissing] = useState(false);
  const form = useServerForm({
    initial: { date: entry ? dateValues(entry) : blankDate() },
    save: ({ date }) => saveDate(customer.id, entry, dateEntry(date)),
    onSaved: () => {
      toast.done(t("common:state.saved"));
      onSaved();
    },
  });
  const { date } = form.values;
  const whole = isWhole(date);
  return (
    <Dialog opened onClose={onClose} title={t(entry ? "date.edit" : "date.add")}>
      <Form
        form={{
          ...form,
          submit: async () => {
            setMissing(!whole);
            if (whole) await form.submit();
          },
        }}
      >
        <DateFields
          value={date}
          onChange={(next) => form.set("date", next)}
          error={missing && !whole ? t(date.yearly ? "date.incomplete" : "date.year_missing") : undefined}
        />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
