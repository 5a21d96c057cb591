import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { useCan, useMe } from "@/api";
import { departmentsQuery, PersonPicker } from "@/features/access";
import { Form, FormActions, useServerForm } from "@/shared/form";
import { DateField, Dialog, SegmentedControl, Select, Switch, toast } from "@/shared/ui";
import { addShare } from "./commands";
import type { Customer } from "./types";

interface DialogProps {
  customer: Customer;
  /** Whether the giver may change the customer, and so let others. */
  mayEdit: boolean;
  onClose: () => void;
  onSaved: () => void;
}

const WITH = ["user", "department"] as const;

/** Shares a customer with one colleague or department. */
export default function ShareDialog({ customer, mayEdit, onClose, onSaved }: DialogProps) {
  const { t } = useTranslation("customers");
  const me = useMe();
  const all = useCan("access:user:read");
  const departments =
    useQuery({ ...departmentsQuery, enabled: all }).data ??
    [me.department].filter((one) => one !== null && one !== undefined);
  const form = useServerForm({
    initial: {
      to: "user" as (typeof WITH)[number],
      user_id: null as string | null,
      department_id: null as string | null,
      may_edit: false,
      until: null as string | null,
    },
    schema: z.object({}),
    save: ({ to, user_id, department_id, ...rest }) =>
      addShare(customer.id, {
        ...rest,
        user_id: to === "user" ? user_id : null,
        department_id: to === "department" ? department_id : null,
      }),
    onSaved: () => {
      toast.done(t("shared", { name: customer.name }));
      onSaved();
    },
  });
  const { values } = form;
  return (
    <Dialog opened onClose={onClose} title={t("share_title", { name: customer.name })}>
      <Form form={form}>
        <SegmentedControl
          aria-label={t("share_with")}
          data={WITH.map((value) => ({ value, label: t(`share_to.${value}`) }))}
          value={values.to}
          onChange={(to) => form.set("to", WITH.find((one) => one === to) ?? "user")}
        />
        {values.to === "user" ? (
          <PersonPicker
            label={t("share_to.user")}
            required
            data-autofocus
            value={values.user_id}
            onChange={(id) => form.set("user_id", id)}
            error={form.field("user_id").error}
          />
        ) : (
          <Select
            label={t("share_to.department")}
            description={t("share_department_hint")}
            required
            searchable
            data={departments.map((one) => ({ value: one.id, label: one.name }))}
            {...form.field("department_id")}
          />
        )}
        {mayEdit && <Switch label={t("share_may_edit")} {...form.field("may_edit", { type: "checkbox" })} />}
        <DateField
          label={t("share_last_day")}
          description={t("share_last_day_hint")}
          clearable
          minDate={new Date()}
          value={values.until}
          onChange={(until) => form.set("until", until)}
          error={form.field("until").error}
        />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
