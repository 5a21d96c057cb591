import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Ref } from "@/api";
import { CustomerPicker } from "@/features/customers";
import { Group, Pill, Stack } from "@/shared/ui";

interface Props {
  /** Names of those chosen already. */
  chosen: Ref[];
  value: string[];
  onChange: (ids: string[]) => void;
}

/** The customers a task is about, one after the other. */
export function CustomersField({ chosen, value, onChange }: Props) {
  const { t } = useTranslation("tasks");
  const [names, setNames] = useState<Record<string, string>>(() =>
    Object.fromEntries(chosen.map((one) => [one.id, one.name])),
  );
  const [round, setRound] = useState(0);
  return (
    <Stack gap={6}>
      <CustomerPicker
        // A fresh field for the next one.
        key={round}
        label={t("field.customers")}
        value={null}
        onChange={(id, record) => {
          if (!id || value.includes(id)) return;
          setNames({ ...names, [id]: record?.name ?? "" });
          onChange([...value, id]);
          setRound(round + 1);
        }}
      />
      {value.length > 0 && (
        <Group gap={6}>
          {value.map((id) => (
            <Pill
              key={id}
              size="md"
              withRemoveButton
              onRemove={() => onChange(value.filter((one) => one !== id))}
              removeButtonProps={{
                "aria-label": t("remove_customer", { name: names[id] }),
                "aria-hidden": false,
                tabIndex: 0,
              }}
            >
              {names[id]}
            </Pill>
          ))}
        </Group>
      )}
    </Stack>
  );
}
