import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import * as z from "zod/mini";
import { keys, useCan, useMe } from "@/api";
import { unitsQuery } from "@/features/access";
import { useDictionary } from "@/features/customers";
import { changed, Form, FormActions, rules, useServerForm } from "@/shared/form";
import {
  MultiSelect,
  NumberInput,
  Select,
  SidePanel,
  SimpleGrid,
  Switch,
  TextInput,
  toast,
} from "@/shared/ui";
import { addPool, POOLS, type Pool, patchPool } from "./queries";

const NUMBERS = [
  ["silence_days", 1],
  ["warning_days", 0],
  ["claims_per_day", 1],
  ["most_in_hand", 1],
  ["protection_days", 0],
  ["return_days", 0],
] as const;

/** When customers go to the pool, and how many one may claim out of it. */
export default function RulesPanel({ pool, onClose }: { pool?: Pool; onClose: () => void }) {
  const { t } = useTranslation("pool");
  const client = useQueryClient();
  const me = useMe();
  const everywhere = useCan("access:unit:transfer") && !pool;
  const units = useQuery({ ...unitsQuery, enabled: everywhere }).data ?? [];
  const levels = useDictionary("level");
  const initial = {
    unit_id: pool?.unit.id ?? me.unit?.id ?? "",
    name: pool?.name ?? t("title"),
    active: pool?.active ?? true,
    silence_days: pool?.silence_days ?? 60,
    warning_days: pool?.warning_days ?? 7,
    claims_per_day: pool?.claims_per_day ?? 5,
    most_in_hand: pool?.most_in_hand ?? 50,
    protection_days: pool?.protection_days ?? 30,
    return_days: pool?.return_days ?? 30,
    exempt_levels: pool?.exempt_levels ?? ["key"],
    contacts_hidden: pool?.contacts_hidden ?? true,
  };
  const form = useServerForm({
    initial,
    version: pool?.version,
    schema: z.object({ name: rules.required() }),
    save: (values, version) =>
      pool ? patchPool(pool.id, version, changed(initial, values)) : addPool(values),
    onSaved: async () => {
      toast.done(t("common:state.saved"));
      await client.invalidateQueries({ queryKey: keys.of(POOLS) });
      onClose();
    },
  });
  return (
    <SidePanel opened onClose={onClose} title={t(pool ? "rules_title" : "found")} size="md">
      <Form form={form}>
        <TextInput label={t("name")} required data-autofocus {...form.field("name")} />
        {everywhere && (
          <Select
            label={t("unit")}
            required
            allowDeselect={false}
            data={units.map((one) => ({ value: one.id, label: one.name }))}
            {...form.field("unit_id")}
          />
        )}
        <SimpleGrid cols={{ base: 1, sm: 2 }}>
          {NUMBERS.map(([name, least]) => (
            <NumberInput
              key={name}
              label={t(`rule.${name}`)}
              description={t(`rule_hint.${name}`)}
              min={least}
              allowDecimal={false}
              {...form.field(name)}
            />
          ))}
        </SimpleGrid>
        <MultiSelect
          label={t("rule.exempt_levels")}
          description={t("rule_hint.exempt_levels")}
          data={levels.options}
          {...form.field("exempt_levels")}
        />
        <Switch
          label={t("rule.contacts_hidden")}
          description={t("rule_hint.contacts_hidden")}
          {...form.field("contacts_hidden", { type: "checkbox" })}
        />
        <Switch
          label={t("rule.active")}
          description={t("rule_hint.active")}
          {...form.field("active", { type: "checkbox" })}
        />
        <FormActions form={form} onCancel={onClose} />
      </Form>
    </SidePanel>
  );
}
