import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { useDictionary } from "@/features/customers";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { readDecimal } from "@/shared/format/decimal";
import { Dialog, Select, Text, Textarea, TextInput, toast } from "@/shared/ui";
import { endPlan, pipelinesQuery } from "./queries";
import { asksWhy, type Opportunity } from "./types";

interface Props {
  row: Opportunity;
  outcome: "success" | "stop";
  onClose: () => void;
  onSaved: (row: Opportunity) => void;
}

/** Ends the plan: to the next stage, or out. */
export default function PlanEndDialog({ row, outcome, onClose, onSaved }: Props) {
  const { t } = useTranslation("pipeline");
  const pipelines = useQuery(pipelinesQuery).data ?? [];
  const stages = pipelines.find((one) => one.id === row.pipeline.id)?.stages ?? [];
  const at = stages.findIndex((one) => one.id === row.stage.id);
  const next = stages.find((one, place) => place > at && (one.status === "open" || one.status === "won"));
  const first = outcome === "success" ? next : stages.find((one) => one.status === "lost");
  const form = useServerForm({
    initial: {
      stage_id: first?.id ?? (null as string | null),
      reason: null as string | null,
      competitor: row.competitor ?? "",
      amount: row.amount?.amount ?? "",
      remark: "",
    },
    schema: z.object({ stage_id: rules.chosen() }),
    save: (values) => {
      const amount = readDecimal(values.amount);
      const currency = row.amount?.currency ?? row.amount_base.currency;
      const to = stages.find((one) => one.id === values.stage_id)?.status ?? "open";
      return endPlan(row.id, {
        outcome,
        stage_id: values.stage_id,
        remark: values.remark || null,
        ...(asksWhy(to) ? { reason: values.reason, competitor: values.competitor || null } : {}),
        ...(to === "won" && amount ? { amount: { amount, currency } } : {}),
      });
    },
    onSaved: (now: Opportunity) => {
      toast.done(t("moved", { name: row.name, stage: now.stage.name }));
      onSaved(now);
    },
  });
  const stage = stages.find((one) => one.id === form.values.stage_id);
  const why = stage ? asksWhy(stage.status) : false;
  const reasons = useDictionary(stage?.status === "won" ? "win_reason" : "loss_reason");
  return (
    <Dialog
      opened
      onClose={onClose}
      title={t(outcome === "success" ? "plan_success" : "plan_stop")}
      size="sm"
    >
      <Form form={form}>
        <Text size="sm" c="dimmed">
          {t(outcome === "success" ? "plan_success_hint" : "plan_stop_hint")}
        </Text>
        <Select
          label={t("move_to")}
          required
          allowDeselect={false}
          data={stages
            .filter((one) => one.id !== row.stage.id)
            .map((one) => ({ value: one.id, label: one.name }))}
          {...form.field("stage_id")}
        />
        {why && (
          <Select
            label={t(stage?.status === "won" ? "win_reason" : "loss_reason")}
            required
            searchable
            data={reasons.options}
            {...form.field("reason")}
          />
        )}
        {stage?.status === "won" && (
          <TextInput label={t("field.amount")} inputMode="decimal" {...form.field("amount")} />
        )}
        {why && <TextInput label={t("field.competitor")} {...form.field("competitor")} />}
        <Textarea label={t("field.remark")} autosize minRows={2} maxRows={6} {...form.field("remark")} />
        <FormActions form={form} onCancel={onClose} verb={t("plan_end")} />
      </Form>
    </Dialog>
  );
}
