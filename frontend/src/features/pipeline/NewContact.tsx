import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { CustomerPicker, useDictionary } from "@/features/customers";
import { Button, Dialog, Group, Select, Stack } from "@/shared/ui";
import type { OpportunityPatch } from "./types";

type Written = NonNullable<OpportunityPatch["contacts"]>[number];

interface Props {
  busy: boolean;
  onClose: () => void;
  onAdd: (contact: Written) => void;
}

/** Somebody on the customer's side, found among customers. */
export default function NewContact({ busy, onClose, onAdd }: Props) {
  const { t } = useTranslation("pipeline");
  const roles = useDictionary("relation_role");
  const [customer, setCustomer] = useState<string | null>(null);
  const [role, setRole] = useState<string | null>(null);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (customer) onAdd({ customer_id: customer, role });
  };
  return (
    <Dialog opened onClose={onClose} title={t("contact_add")} size="sm">
      <form onSubmit={submit}>
        <Stack>
          <CustomerPicker
            label={t("contact")}
            required
            data-autofocus
            value={customer}
            onChange={(id) => setCustomer(id)}
          />
          <Select label={t("role")} clearable data={roles.options} value={role} onChange={setRole} />
          <Group justify="flex-end">
            <Button variant="default" onClick={onClose}>
              {t("common:action.cancel")}
            </Button>
            <Button type="submit" disabled={!customer} loading={busy}>
              {t("common:action.save")}
            </Button>
          </Group>
        </Stack>
      </form>
    </Dialog>
  );
}
