import { useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { idempotencyKey, useMe } from "@/api";
import { currentLanguage } from "@/app/i18n";
import { PersonPicker, unitsQuery } from "@/features/access";
import { ProductPicker } from "@/features/catalog";
import { CustomerPicker } from "@/features/customers";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { placesOf, readDecimal, scaled, written } from "@/shared/format/decimal";
import { ConfirmDelete, DeleteButton, Dialog, Select, Text, TextInput, toast } from "@/shared/ui";
import classes from "./Targets.module.css";
import {
  addTarget,
  deleteTarget,
  KINDS,
  patchTarget,
  SPLITS,
  type Target,
  type TargetKind,
  type TargetSplit,
} from "./targets";

interface Props {
  year: number;
  /** Absent for a new one. */
  target?: Target;
  onClose: () => void;
  onSaved: () => void;
}

/** Sets what is to be sold in a year, and how it falls on the months. */
export default function TargetDialog({ year, target, onClose, onSaved }: Props) {
  const { t } = useTranslation("targets");
  const { company } = useMe();
  const { currency } = company;
  const places = placesOf(currency);
  const key = useRef(idempotencyKey());
  const units = useQuery(unitsQuery).data ?? [];
  const [deleting, setDeleting] = useState(false);
  const form = useServerForm({
    initial: {
      kind: (target?.kind ?? "unit") as TargetKind,
      subject_id: target?.subject.id ?? (null as string | null),
      amount: target?.amount.amount ?? "",
      split: (target?.split ?? "seasonal") as TargetSplit,
      months: target?.months.map((month) => month.amount.amount) ?? Array.from({ length: 12 }, () => ""),
    },
    schema: z.object({ subject_id: rules.chosen() }),
    version: target?.version,
    save: ({ kind, subject_id, split, amount, months }) => {
      const money = (typed: string) => ({ amount: readDecimal(typed) ?? typed, currency });
      const hand = split === "hand";
      const body = {
        amount: money(hand ? sum(months, places) : amount),
        split,
        months: hand ? months.map((month) => money(month || "0")) : null,
      };
      return target
        ? patchTarget(target, body)
        : addTarget({ ...body, year, kind, subject_id: subject_id ?? "" }, key.current);
    },
    onSaved: () => {
      toast.done(t("common:state.saved"));
      onSaved();
    },
  });
  const { values } = form;
  const names = new Intl.DateTimeFormat(currentLanguage(), { month: "long", timeZone: "UTC" });
  const error = form.field("subject_id").error;
  const pick = (id: string | null) => form.set("subject_id", id);
  const common = { required: true, value: values.subject_id, error };
  return (
    <Dialog
      opened
      onClose={onClose}
      title={target ? `${target.subject.name} · ${year}` : t("new_of", { year })}
    >
      <Form form={form}>
        {!target && (
          <>
            <Select
              label={t("kind_label")}
              allowDeselect={false}
              value={values.kind}
              data={KINDS.map((kind) => ({ value: kind, label: t(`kind.${kind}`) }))}
              onChange={(kind) => {
                form.set("kind", kind as TargetKind);
                form.set("subject_id", null);
              }}
            />
            {values.kind === "unit" && (
              <Select
                label={t("subject")}
                searchable
                data={units.map((unit) => ({ value: unit.id, label: unit.name }))}
                onChange={pick}
                {...common}
              />
            )}
            {values.kind === "user" && <PersonPicker label={t("subject")} onChange={pick} {...common} />}
            {values.kind === "product" && (
              <ProductPicker
                label={t("subject")}
                onChange={(product) => pick(product?.id ?? null)}
                {...common}
              />
            )}
            {values.kind === "customer" && (
              <CustomerPicker label={t("subject")} onChange={pick} {...common} />
            )}
          </>
        )}
        <Select
          label={t("split_label")}
          description={values.split === "seasonal" ? t("seasonal_hint") : undefined}
          allowDeselect={false}
          value={values.split}
          data={SPLITS.map((split) => ({ value: split, label: t(`split.${split}`) }))}
          onChange={(split) => form.set("split", split as TargetSplit)}
        />
        {values.split === "hand" ? (
          <>
            <fieldset style={{ border: 0, margin: 0, padding: 0 }}>
              <legend>{t("by_month")}</legend>
              <div className={classes.months}>
                {values.months.map((month, at) => (
                  <TextInput
                    // biome-ignore lint/suspicious/noArrayIndexKey: the index is the month
                    key={at}
                    label={names.format(Date.UTC(2024, at, 1))}
                    inputMode="decimal"
                    value={month}
                    onChange={(event) =>
                      form.set("months", values.months.with(at, event.currentTarget.value))
                    }
                  />
                ))}
              </div>
            </fieldset>
            <Text className="tabular">{t("sum", { amount: sum(values.months, places), currency })}</Text>
          </>
        ) : (
          <TextInput
            label={t("year_target")}
            inputMode="decimal"
            required
            rightSection={<Text size="sm">{currency}</Text>}
            rightSectionWidth={52}
            {...form.field("amount")}
          />
        )}
        <FormActions form={form} onCancel={onClose} />
      </Form>
      {target && (
        <>
          <DeleteButton onClick={() => setDeleting(true)} />
          <ConfirmDelete
            opened={deleting}
            title={t("delete_title", { name: target.subject.name })}
            onClose={() => setDeleting(false)}
            onConfirm={async () => {
              await deleteTarget(target);
              onSaved();
            }}
          >
            {t("delete_hint")}
          </ConfirmDelete>
        </>
      )}
    </Dialog>
  );
}

/** What twelve typed months come to. */
function sum(months: string[], places: number): string {
  return written(
    months.reduce((all, month) => all + scaled(readDecimal(month) ?? "0", places), 0n),
    places,
  );
}
