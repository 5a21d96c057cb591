import { useQueryClient } from "@tanstack/react-query";
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { idempotencyKey, keys, useMe } from "@/api";
import { PersonPicker } from "@/features/access";
import { Form, FormActions, rules, useServerForm } from "@/shared/form";
import { DateField, Dialog, Group, TextInput, toast } from "@/shared/ui";
import { addTravel, type Travel } from "./queries";

interface Values extends Record<string, unknown> {
  user_id: string | null;
  starts_on: string;
  ends_on: string;
  note: string;
}

/** Notes that somebody travels: oneself, or who is led. */
export default function TravelDialog({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation("discipline");
  const me = useMe();
  const client = useQueryClient();
  const key = useRef(idempotencyKey());
  const form = useServerForm<Values, Travel>({
    initial: { user_id: me.id, starts_on: "", ends_on: "", note: "" },
    schema: z.object({ starts_on: rules.required(), ends_on: rules.required() }),
    save: (values) => addTravel({ ...values, note: values.note || null }, key.current),
    onSaved: () => {
      void client.invalidateQueries({ queryKey: keys.of("travels") });
      void client.invalidateQueries({ queryKey: keys.of("discipline") });
      toast.done(t("common:state.saved"));
      onClose();
    },
  });
  const { values } = form;
  return (
    <Dialog opened onClose={onClose} title={t("travel.new")}>
      <Form
        form={form}
        labels={{ user_id: t("person"), starts_on: t("from"), ends_on: t("to"), note: t("travel.note") }}
      >
        <PersonPicker
          label={t("person")}
          required
          chosen={{ id: me.id, name: me.name }}
          value={values.user_id}
          onChange={(id) => form.set("user_id", id)}
          error={form.field("user_id").error}
        />
        <Group grow align="flex-start">
          <DateField
            label={t("from")}
            required
            value={values.starts_on || null}
            onChange={(on) => form.set("starts_on", on ?? "")}
            error={form.field("starts_on").error}
          />
          <DateField
            label={t("to")}
            required
            value={values.ends_on || null}
            onChange={(on) => form.set("ends_on", on ?? "")}
            error={form.field("ends_on").error}
          />
        </Group>
        <TextInput label={t("travel.note")} placeholder={t("travel.note_hint")} {...form.field("note")} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
