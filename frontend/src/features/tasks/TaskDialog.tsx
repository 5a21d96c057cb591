import { useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { idempotencyKey, type Ref, useCan, useMe } from "@/api";
import { PersonPicker } from "@/features/access";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import {
  ConfirmDelete,
  DateField,
  DeleteButton,
  Dialog,
  Group,
  SegmentedControl,
  Select,
  Textarea,
  TextInput,
  toast,
} from "@/shared/ui";
import { Checklist } from "./Checklist";
import { CustomersField } from "./CustomersField";
import { RULES, ruleName } from "./recurrence";
import {
  addTask,
  type ChecklistItem,
  deleteTask,
  fetchTask,
  patchTask,
  type Task,
  useTaskActs,
} from "./tasks";

interface Props {
  /** Absent for a new one. */
  task?: Task;
  /** Whom a new one is about. */
  customers?: Ref[];
  /** The day a new one is due. */
  due?: string;
  onClose: () => void;
}

interface Values extends Record<string, unknown> {
  title: string;
  due_on: string | null;
  due_time: string;
  remind_minutes: string | null;
  recurrence: string | null;
  priority: string;
  owner_id: string | null;
  customer_ids: string[];
  remarks: string;
  checklist: ChecklistItem[];
  outcome: string;
}

const valuesOf = (task: Task | undefined, props: Omit<Props, "onClose">, me: string): Values => ({
  title: task?.title ?? "",
  due_on: task ? (task.due_on ?? null) : (props.due ?? null),
  due_time: task?.due_time ?? "",
  remind_minutes: task?.remind_minutes == null ? null : String(task.remind_minutes),
  recurrence: task?.recurrence ?? null,
  priority: String(task?.priority ?? 2),
  owner_id: task?.owner.id ?? me,
  customer_ids: (task?.customers ?? props.customers ?? []).map((one) => one.id),
  remarks: task?.remarks ?? "",
  checklist: task?.checklist ?? [],
  outcome: task?.outcome ?? "",
});

/** Minutes before it is due that people choose from; any other that came through the API is kept. */
const REMINDERS = ["0", "15", "60", "1440"];

const sent = (values: Values) => ({
  ...values,
  due_time: values.due_time || null,
  remind_minutes: values.remind_minutes === null ? null : Number(values.remind_minutes),
  priority: Number(values.priority),
  remarks: values.remarks || null,
  outcome: values.outcome || null,
  checklist: values.checklist.filter((one) => one.text.trim()),
});

/** Notes something to be done, or changes it. */
export default function TaskDialog({ task, onClose, ...props }: Props) {
  const { t } = useTranslation("tasks");
  const me = useMe();
  const key = useRef(idempotencyKey());
  const { refresh } = useTaskActs();
  const mayWrite = useCan("activities:task:write");
  const [deleting, setDeleting] = useState(false);
  const initial = valuesOf(task, props, me.id);
  const saved = () => {
    void refresh();
    toast.done(t("common:state.saved"));
    onClose();
  };
  const form = useServerForm<Values, Task>({
    initial,
    version: task?.version,
    schema: z.object({ title: rules.required() }),
    save: (values, version) =>
      task
        ? patchTask({ id: task.id, version }, changed(sent(initial), sent(values)))
        : addTask(sent(values), key.current),
    reload:
      task &&
      (async () => {
        const now = await fetchTask(task.id);
        return { values: valuesOf(now, props, me.id), version: now.version };
      }),
    onSaved: saved,
  });
  const { values } = form;
  const rule = values.recurrence;
  const own = rule && !ruleName(rule) ? [{ value: rule, label: rule }] : [];
  return (
    <Dialog opened onClose={onClose} title={t(task ? "edit" : "new")} size="lg">
      <Form
        form={form}
        labels={{ title: t("field.title"), due_on: t("field.due_on"), remarks: t("field.remarks") }}
      >
        <TextInput
          label={t("field.title")}
          placeholder={t("title_hint")}
          required
          data-autofocus
          {...form.field("title")}
        />
        <Group grow align="flex-start">
          <DateField
            label={t("field.due_on")}
            value={values.due_on}
            onChange={(on) => form.set("due_on", on)}
            error={form.field("due_on").error}
          />
          <TextInput type="time" label={t("field.due_time")} {...form.field("due_time")} />
        </Group>
        <Select
          label={t("field.remind_minutes")}
          description={values.due_time ? undefined : t("remind.hint")}
          clearable
          placeholder={t("remind.none")}
          data={[
            ...REMINDERS.map((value) => ({ value, label: t(`remind.${value}`) })),
            ...(values.remind_minutes && !REMINDERS.includes(values.remind_minutes)
              ? [
                  {
                    value: values.remind_minutes,
                    label: t("remind.minutes", { count: Number(values.remind_minutes) }),
                  },
                ]
              : []),
          ]}
          {...form.field("remind_minutes")}
        />
        <Group grow align="flex-start">
          <Select
            label={t("field.recurrence")}
            clearable
            placeholder={t("rule.none")}
            data={[
              ...Object.entries(RULES).map(([name, value]) => ({ value, label: t(`rule.${name}`) })),
              ...own,
            ]}
            {...form.field("recurrence")}
          />
          <PersonPicker
            label={t("field.owner")}
            required
            chosen={task?.owner ?? { id: me.id, name: me.name }}
            value={values.owner_id}
            onChange={(id) => form.set("owner_id", id)}
            error={form.field("owner_id").error}
          />
        </Group>
        <SegmentedControl
          aria-label={t("field.priority")}
          data={["1", "2", "3"].map((value) => ({ value, label: t(`priority.${value}`) }))}
          value={values.priority}
          onChange={(value) => form.set("priority", value)}
        />
        <CustomersField
          chosen={task?.customers ?? props.customers ?? []}
          value={values.customer_ids}
          onChange={(ids) => form.set("customer_ids", ids)}
        />
        <Textarea label={t("field.remarks")} autosize minRows={2} maxRows={8} {...form.field("remarks")} />
        <Checklist items={values.checklist} onChange={(items) => form.set("checklist", items)} />
        {task && (
          <Textarea label={t("field.outcome")} autosize minRows={1} maxRows={6} {...form.field("outcome")} />
        )}
        {mayWrite && (
          <FormActions form={form} onCancel={onClose}>
            {task && <DeleteButton onClick={() => setDeleting(true)} />}
          </FormActions>
        )}
      </Form>
      {task && (
        <ConfirmDelete
          opened={deleting}
          onClose={() => setDeleting(false)}
          title={t("delete", { title: task.title })}
          onConfirm={async () => {
            await deleteTask(task);
            saved();
          }}
        >
          {t(task.recurrence ? "delete_series" : "delete_hint")}
        </ConfirmDelete>
      )}
    </Dialog>
  );
}
