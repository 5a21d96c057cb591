import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import type { ApiProblem } from "@/api";
import { useDictionary } from "@/features/customers";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { readDecimal } from "@/shared/format/decimal";
import { Alert, DateField, Dialog, Select, Textarea, TextInput, toast } from "@/shared/ui";
import { moveOpportunity, patchOpportunity } from "./queries";
import { asksWhy, type Opportunity, type Stage } from "./types";

interface Props {
  row: Opportunity;
  stage: Stage;
  /** What the stage asked for when the move was tried. */
  problem?: ApiProblem;
  onClose: () => void;
  onSaved: (row: Opportunity) => void;
}

/** Moves an opportunity to a stage that asks for something: why it was won or lost, or what is still missing. */
export default function MoveDialog({ row, stage, problem, onClose, onSaved }: Props) {
  const { t } = useTranslation("pipeline");
  const why = asksWhy(stage.status);
  const reasons = useDictionary(stage.status === "won" ? "win_reason" : "loss_reason");
  const lacks = (pointer: string) => problem?.errors.some((one) => one.pointer === pointer) ?? false;
  const day = lacks("/expected_close") || (stage.criteria.includes("expected_close") && !row.expected_close);
  const money =
    stage.status === "won" || lacks("/amount") || (stage.criteria.includes("amount") && !row.amount);
  const currency = row.amount?.currency ?? row.amount_base.currency;
  const form = useServerForm({
    initial: {
      reason: null as string | null,
      competitor: row.competitor ?? row.competitors[0] ?? "",
      amount: row.amount?.amount ?? "",
      expected_close: row.expected_close ?? null,
      remark: "",
    },
    schema: why ? z.object({ reason: rules.chosen() }) : undefined,
    save: async (values) => {
      const amount = readDecimal(values.amount);
      let now = row;
      if (day && values.expected_close && values.expected_close !== row.expected_close) {
        now = await patchOpportunity(row, { expected_close: values.expected_close });
      }
      return moveOpportunity(now.id, {
        stage_id: stage.id,
        ...(why ? { reason: values.reason, competitor: values.competitor || null } : {}),
        ...(money && amount ? { amount: { amount, currency } } : {}),
        remark: values.remark || null,
      });
    },
    onSaved: (now: Opportunity) => {
      toast.done(t("moved", { name: row.name, stage: stage.name }));
      onSaved(now);
    },
  });
  // What can't be given here is given on the opportunity's own page.
  const elsewhere = (problem?.errors ?? []).filter(
    (one) => !["/amount", "/expected_close"].includes(one.pointer),
  );
  return (
    <Dialog opened onClose={onClose} title={t("move_title", { stage: stage.name })} size="sm">
      <Form form={form}>
        {elsewhere.length > 0 && (
          <Alert color="ember" variant="light" title={t("missing")}>
            <ul style={{ margin: 0, paddingInlineStart: "1.25rem" }}>
              {elsewhere.map((one) => (
                <li key={one.code}>{one.detail}</li>
              ))}
            </ul>
          </Alert>
        )}
        {why && (
          <Select
            label={t(stage.status === "won" ? "win_reason" : "loss_reason")}
            required
            searchable
            data-autofocus
            data={reasons.options}
            {...form.field("reason")}
          />
        )}
        {money && (
          <TextInput
            label={t("field.amount")}
            inputMode="decimal"
            required
            rightSection={<span className="dim">{currency}</span>}
            rightSectionWidth={52}
            {...form.field("amount")}
          />
        )}
        {day && (
          <DateField
            label={t("field.expected_close")}
            required
            value={form.values.expected_close}
            onChange={(on) => form.set("expected_close", on)}
          />
        )}
        {why && <TextInput label={t("field.competitor")} {...form.field("competitor")} />}
        <Textarea label={t("field.remark")} autosize minRows={2} maxRows={6} {...form.field("remark")} />
        <FormActions form={form} onCancel={onClose} verb={t("move")} />
      </Form>
    </Dialog>
  );
}
