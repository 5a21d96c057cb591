import { useTranslation } from "react-i18next";
import { CustomFacts, useDictionary, usePeople } from "@/features/customers";
import { Facts, fieldEdits, InlineField, useFieldSave } from "@/shared/form";
import { useFormat } from "@/shared/format";
import { readDecimal } from "@/shared/format/decimal";
import { Panel } from "@/shared/ui";
import { patchOpportunity, readOpportunity } from "./queries";
import type { Opportunity, OpportunityPatch } from "./types";

interface Props {
  row: Opportunity;
  mayWrite: boolean;
  onSaved: (row: Opportunity) => void;
}

/** What is known of it, each fact changed where it stands. */
export function OpportunityFacts({ row, mayWrite, onSaved }: Props) {
  const { t } = useTranslation("pipeline");
  const f = useFormat();
  const sources = useDictionary("source");
  const reasons = useDictionary(row.status === "won" ? "win_reason" : "loss_reason");
  const people = usePeople();
  const saver = useFieldSave<Opportunity, OpportunityPatch>({
    read: readOpportunity,
    patch: patchOpportunity,
    onSaved,
  });
  const edits = fieldEdits<string, Opportunity, OpportunityPatch>(saver.save, (key) => t(`field.${key}`));
  const edit: typeof edits = (...field) => edits(...field);
  const may = <T,>(value: T) => (mayWrite ? value : undefined);
  const currency = row.amount?.currency ?? row.amount_base.currency;
  const text = (
    key: "remarks" | "competitor" | "lead_company" | "lead_person" | "lead_phone" | "lead_email",
  ) => (
    <InlineField
      label={t(`field.${key}`)}
      row={row}
      edit={may(
        edit(
          key,
          "text",
          (one) => one[key] ?? null,
          (value) => ({ [key]: value }),
        ),
      )}
    >
      {row[key]}
    </InlineField>
  );
  const asked =
    row.type === "lead" || row.lead_company || row.lead_person || row.lead_phone || row.lead_email;
  return (
    <Panel title={t("facts")}>
      <Facts>
        <InlineField
          label={t("field.name")}
          row={row}
          edit={may(
            edit(
              "name",
              "text",
              (one) => one.name,
              (value) => ({ name: value ?? "" }),
            ),
          )}
        >
          {row.name}
        </InlineField>
        <InlineField
          label={t("field.amount")}
          row={row}
          edit={may(
            edit(
              "amount",
              "text",
              (one) => one.amount?.amount ?? null,
              (value) => ({ amount: value ? { amount: readDecimal(value) ?? value, currency } : null }),
            ),
          )}
        >
          {row.amount && f.money(row.amount)}
        </InlineField>
        <InlineField
          label={t("field.expected_close")}
          row={row}
          edit={may(
            edit(
              "expected_close",
              "date",
              (one) => one.expected_close ?? null,
              (value) => ({ expected_close: value }),
            ),
          )}
        >
          {row.expected_close && f.date(row.expected_close)}
        </InlineField>
        <InlineField
          label={t("field.owner")}
          row={row}
          edit={may(
            edit(
              "owner_id",
              "select",
              (one) => one.owner?.id ?? null,
              (value) => ({ owner_id: value }),
              people,
            ),
          )}
        >
          {row.owner?.name}
        </InlineField>
        <InlineField
          label={t("field.source")}
          row={row}
          edit={may(
            edit(
              "source",
              "select",
              (one) => one.source ?? null,
              (value) => ({ source: value }),
              sources.options,
            ),
          )}
        >
          {sources.word(row.source)}
        </InlineField>
        <InlineField
          label={t("field.competitors")}
          row={row}
          edit={may(
            edit(
              "competitors",
              "text",
              (one) => one.competitors.join(", ") || null,
              (value) => ({
                competitors: (value ?? "")
                  .split(/[,，、;；]/)
                  .map((one) => one.trim())
                  .filter(Boolean),
              }),
            ),
          )}
        >
          {row.competitors.join(", ")}
        </InlineField>
        {(row.status === "won" || row.status === "lost") && (
          <>
            <InlineField
              label={t(row.status === "won" ? "win_reason" : "loss_reason")}
              row={row}
              edit={may(
                edit(
                  "reason",
                  "select",
                  (one) => one.reason ?? null,
                  (value) => ({ reason: value }),
                  reasons.options,
                ),
              )}
            >
              {reasons.word(row.reason)}
            </InlineField>
            {text("competitor")}
          </>
        )}
        {asked && (
          <>
            {text("lead_company")}
            {text("lead_person")}
            {text("lead_phone")}
            {text("lead_email")}
          </>
        )}
        {text("remarks")}
        <CustomFacts resource="opportunity" row={row} saver={may(saver)} />
        {row.consent_text && (
          <InlineField label={t("field.consent_text")} row={row}>
            {row.consent_text}
          </InlineField>
        )}
        <InlineField label={t("field.unit")} row={row}>
          {row.unit.name}
        </InlineField>
        <InlineField label={t("field.created_at")} row={row}>
          {f.dateTime(row.created_at)}
        </InlineField>
      </Facts>
      {saver.dialog}
    </Panel>
  );
}
