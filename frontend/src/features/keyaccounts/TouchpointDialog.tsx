import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { keys } from "@/api";
import { Form, FormActions, useServerForm } from "@/shared/form";
import { DateField, Dialog, NumberInput, TextInput, toast } from "@/shared/ui";
import {
  KEY_ACCOUNTS,
  type KeyAccount,
  keyAccountQuery,
  patchKeyAccount,
  plansOf,
  type Touchpoint,
} from "./queries";

interface Props {
  account: KeyAccount;
  touchpoint: Touchpoint;
  name: string;
  onClose: () => void;
}

/** How often the customer is to be met somewhere; of places, when that last was. */
export default function TouchpointDialog({ account, touchpoint, name, onClose }: Props) {
  const { t } = useTranslation("keyaccounts");
  const client = useQueryClient();
  const form = useServerForm({
    initial: {
      every_days: (touchpoint.every_days ?? "") as number | string,
      last_on: touchpoint.last_on ?? null,
      note: touchpoint.note ?? "",
    },
    version: account.version,
    save: ({ every_days, last_on, note }, version) => {
      const changed = {
        ...touchpoint,
        every_days: every_days === "" ? null : Number(every_days),
        last_on,
        note: note.trim() || null,
      };
      return patchKeyAccount(
        { id: account.id, version: version ?? account.version },
        { touchpoints: plansOf(account, changed) },
      );
    },
    onSaved: (saved: KeyAccount) => {
      toast.done(t("common:state.saved"));
      client.setQueryData(keyAccountQuery(saved.id).queryKey, saved);
      void client.invalidateQueries({ queryKey: keys.of(KEY_ACCOUNTS) });
      onClose();
    },
  });
  return (
    <Dialog opened onClose={onClose} title={t("touchpoint_title", { name })} size="sm">
      <Form form={form}>
        <NumberInput
          label={t("every_days")}
          description={t("every_days_hint")}
          data-autofocus
          min={1}
          max={3650}
          allowDecimal={false}
          {...form.field("every_days")}
        />
        {touchpoint.group === "place" && (
          <DateField
            label={t("met_on")}
            clearable
            value={form.values.last_on}
            onChange={(on) => form.set("last_on", on)}
          />
        )}
        <TextInput label={t("note")} {...form.field("note")} />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </Dialog>
  );
}
