/** The inside of a filter's popover: loaded when one is first opened. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ConditionLeaf } from "@/api/types";
import { Button, Select, Stack } from "../ui";
import { useOpLabel } from "./chipText";
import { FilterValue } from "./FilterValue";
import { BOUGHT, type Bought, grouped, shapeOf } from "./filters";
import type { FilterField } from "./types";

interface Props {
  fields: FilterField[];
  /** The condition to change; absent when one is added. */
  leaf?: ConditionLeaf;
  onDone: (leaf: ConditionLeaf) => void;
}

export default function FilterEditor({ fields, leaf, onDone }: Props) {
  const { t } = useTranslation("grid");
  const [name, setName] = useState<string | null>(leaf?.field ?? null);
  const field = fields.find((one) => one.field === name);
  return (
    <Stack gap="sm">
      {!leaf && (
        <Select
          label={t("filter_field")}
          searchable
          data-autofocus
          autoFocus
          data={grouped(fields, (group) => t([`field_group.${group}`, "filter_other"]))}
          value={name}
          onChange={setName}
          comboboxProps={{ withinPortal: false }}
          maxDropdownHeight={280}
          nothingFoundMessage={t("no_match")}
        />
      )}
      {field && (
        <LeafEditor
          key={field.field}
          field={field}
          leaf={leaf ?? { field: field.field, op: field.ops[0] ?? "eq" }}
          onDone={onDone}
        />
      )}
    </Stack>
  );
}

interface LeafProps {
  field: FilterField;
  leaf: ConditionLeaf;
  onDone: (leaf: ConditionLeaf) => void;
}

function LeafEditor({ field, leaf, onDone }: LeafProps) {
  const { t } = useTranslation("grid");
  const opLabel = useOpLabel();
  const [op, setOp] = useState(leaf.op);
  const [value, setValue] = useState<unknown>(leaf.value);
  const complete =
    op === "is_null" ||
    (Array.isArray(value)
      ? value.length > 0 && value.every((one) => one !== "" && one !== null && one !== undefined)
      : value !== undefined && value !== "" && value !== null && (!BOUGHT.has(op) || boughtIds(value) > 0));
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        event.stopPropagation();
        if (complete) onDone({ field: field.field, op, value: op === "is_null" ? (value ?? true) : value });
      }}
    >
      <Stack gap="sm">
        {field.ops.length > 1 && (
          <Select
            label={t("filter_op")}
            allowDeselect={false}
            data={field.ops.map((one) => ({ value: one, label: opLabel(one, field.type) }))}
            value={op}
            onChange={(chosen) => {
              const next = field.ops.find((one) => one === chosen);
              if (!next) return;
              if (shapeOf(next) !== shapeOf(op)) setValue(undefined);
              setOp(next);
            }}
            comboboxProps={{ withinPortal: false }}
          />
        )}
        {op !== "is_null" && <FilterValue field={field} op={op} value={value} onChange={setValue} />}
        <Button type="submit" disabled={!complete}>
          {t("common:action.apply")}
        </Button>
      </Stack>
    </form>
  );
}

const boughtIds = (value: unknown) => (value as Partial<Bought>).ids?.length ?? 0;
