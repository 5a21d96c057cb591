/** Filter chips: each is one condition, pressed to change it, with a cross to remove it. */
import { IconFilterPlus } from "@tabler/icons-react";
import { lazy, Suspense, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Condition, ConditionLeaf } from "@/api/types";
import { useFormat } from "../format";
import { Button, CloseChip, MultiSelect, Popover, Select, Stack, TextInput } from "./controls";
import classes from "./FilterBar.module.css";
import { allOf, BOUGHT, type Bought, isLeaf, LISTS, partsOf, shapeOf } from "./filters";
import type { FilterField } from "./types";

const DateField = lazy(() => import("../ui/dates").then((module) => ({ default: module.DateField })));
const BoughtValue = lazy(() => import("./BoughtValue"));
const PersonValue = lazy(() => import("./PersonValue"));

interface Props {
  fields: FilterField[];
  condition: Condition | undefined;
  onChange: (condition: Condition | undefined) => void;
}

export function FilterBar({ fields, condition, onChange }: Props) {
  const { t } = useTranslation("grid");
  const parts = partsOf(condition);
  const put = (index: number, part: Condition | undefined) => {
    const next = [...parts];
    if (part) next[index] = part;
    else next.splice(index, 1);
    onChange(allOf(next));
  };
  return (
    <div className={classes.bar}>
      {parts.map((part, index) => (
        <FilterChip
          // biome-ignore lint/suspicious/noArrayIndexKey: two equal conditions may stand side by side
          key={index}
          fields={fields}
          part={part}
          onChange={(next) => put(index, next)}
        />
      ))}
      <AddFilter fields={fields} onAdd={(leaf) => put(parts.length, leaf)} label={t("filter_add")} />
    </div>
  );
}

/** The words of an operator, for a field's type. */
export function useOpLabel(): (op: string, type?: string) => string {
  const { t } = useTranslation("grid");
  return (op, type) =>
    t(type === "date" || type === "instant" ? [`op_date.${op}`, `op.${op}`] : `op.${op}`, {
      defaultValue: op,
    });
}

export function useChipText(fields: FilterField[]) {
  const { t } = useTranslation("grid");
  const f = useFormat();
  const op = useOpLabel();
  return (part: Condition): string => {
    if (!isLeaf(part)) return t("condition", { count: countLeaves(part) });
    const field = fields.find((one) => one.field === part.field);
    const name = field?.label ?? part.field;
    const one = (value: unknown): string => {
      const option = field?.options?.find((candidate) => candidate.value === String(value));
      if (option) return option.label;
      if (typeof value === "boolean") return t(value ? "common:state.yes" : "common:state.no");
      if (field?.type === "date" && typeof value === "string") return f.date(value);
      return value && typeof value === "object" ? JSON.stringify(value) : String(value ?? "");
    };
    if (part.op === "is_null") {
      return part.value === false ? t("not_empty", { name }) : `${name} ${op("is_null")}`;
    }
    if (BOUGHT.has(part.op)) {
      const { ids = [], days } = (part.value ?? {}) as Partial<Bought>;
      const what = `${name} ${op(part.op)} ${t("bought_count", { count: ids.length })}`;
      return days ? `${what} · ${t("bought_within", { count: days })}` : what;
    }
    if (shapeOf(part.op) === "days") return `${name} ${t(`days.${part.op}`, { count: Number(part.value) })}`;
    const value = Array.isArray(part.value)
      ? part.value.map(one).join(part.op === "between" ? " – " : t("list_separator"))
      : one(part.value);
    return part.op === "eq" ? `${name}: ${value}` : `${name} ${op(part.op, field?.type)} ${value}`;
  };
}

function countLeaves(condition: Condition): number {
  if ("all" in condition) return condition.all.reduce((sum, one) => sum + countLeaves(one), 0);
  if ("any" in condition) return condition.any.reduce((sum, one) => sum + countLeaves(one), 0);
  return "not" in condition ? countLeaves(condition.not) : 1;
}

interface ChipProps {
  fields: FilterField[];
  part: Condition;
  onChange: (part: Condition | undefined) => void;
}

function FilterChip({ fields, part, onChange }: ChipProps) {
  const { t } = useTranslation("grid");
  const [open, setOpen] = useState(false);
  const text = useChipText(fields)(part);
  const field = isLeaf(part) ? fields.find((one) => one.field === part.field) : undefined;
  return (
    <Popover opened={open} onChange={setOpen} shadow="md" width={300} position="bottom-start" trapFocus>
      <Popover.Target>
        <CloseChip
          text={text}
          removeLabel={t("filter_remove", { name: text })}
          onPress={field ? () => setOpen(!open) : undefined}
          onRemove={() => onChange(undefined)}
        />
      </Popover.Target>
      {field && isLeaf(part) && (
        <Popover.Dropdown aria-label={field.label}>
          <LeafEditor
            field={field}
            leaf={part}
            onDone={(leaf) => {
              onChange(leaf);
              setOpen(false);
            }}
          />
        </Popover.Dropdown>
      )}
    </Popover>
  );
}

function AddFilter({
  fields,
  onAdd,
  label,
}: {
  fields: FilterField[];
  onAdd: (leaf: ConditionLeaf) => void;
  label: string;
}) {
  const { t } = useTranslation("grid");
  const [open, setOpen] = useState(false);
  const [name, setName] = useState<string | null>(null);
  const field = fields.find((one) => one.field === name);
  const close = () => {
    setOpen(false);
    setName(null);
  };
  const grouped = new Map<string, { value: string; label: string }[]>();
  for (const one of fields) {
    const group = one.group ?? "";
    grouped.set(group, [...(grouped.get(group) ?? []), { value: one.field, label: one.label }]);
  }
  const data =
    grouped.size > 1
      ? [...grouped].map(([group, items]) => ({ group: group || t("filter_other"), items }))
      : [...grouped.values()].flat();
  return (
    <Popover
      opened={open}
      onChange={(next) => (next ? setOpen(true) : close())}
      shadow="md"
      width={300}
      position="bottom-start"
      trapFocus
    >
      <Popover.Target>
        <Button
          variant="default"
          leftSection={<IconFilterPlus size={16} stroke={1.6} />}
          onClick={() => (open ? close() : setOpen(true))}
        >
          {label}
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label}>
        <Stack gap="sm">
          <Select
            label={t("filter_field")}
            searchable
            data-autofocus
            data={data}
            value={name}
            onChange={setName}
            comboboxProps={{ withinPortal: false }}
            maxDropdownHeight={280}
            nothingFoundMessage={t("no_match")}
          />
          {field && (
            <LeafEditor
              key={field.field}
              field={field}
              leaf={{ field: field.field, op: field.ops[0] ?? "eq" }}
              onDone={(leaf) => {
                onAdd(leaf);
                close();
              }}
            />
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
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
            onChange={(next) => {
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

interface ValueProps {
  field: FilterField;
  /** Without a visible label: rows of a builder, where the heading says what stands there. */
  bare?: boolean;
  op: string;
  value: unknown;
  onChange: (value: unknown) => void;
}

/** The value part of a condition, by the field's type and the operator's shape. Used by the segment builder too. */
export function FilterValue({ field, op, value, onChange, bare = false }: ValueProps) {
  const { t } = useTranslation("grid");
  const shape = shapeOf(op);
  const words = t(shape === "days" ? "filter_days" : "filter_value");
  const label = named(words, bare);
  const options = field.type === "bool" ? boolOptions(t) : field.options;
  const inside = { withinPortal: bare };

  if (shape === "bought") {
    return (
      <Suspense>
        <BoughtValue
          field={field.field}
          value={value as Bought | undefined}
          onChange={onChange}
          bare={bare}
        />
      </Suspense>
    );
  }
  if (field.type === "ref" && !options?.length && field.field.startsWith("owner")) {
    return (
      <Suspense>
        <PersonValue many={LISTS.has(op)} value={value} onChange={onChange} label={label} bare={bare} />
      </Suspense>
    );
  }
  if (shape === "pair") {
    const [from, to] = Array.isArray(value) ? value : [undefined, undefined];
    return (
      <Stack gap="xs" style={bare ? { flexDirection: "row" } : undefined}>
        <Scalar
          field={field}
          label={named(t("filter_from"), bare)}
          value={from}
          onChange={(next) => onChange([next, to])}
        />
        <Scalar
          field={field}
          label={named(t("filter_to"), bare)}
          value={to}
          onChange={(next) => onChange([from, next])}
        />
      </Stack>
    );
  }
  if (shape === "list" && options) {
    return (
      <MultiSelect
        {...label}
        data={options}
        searchable
        value={Array.isArray(value) ? value.map(String) : []}
        onChange={onChange}
        comboboxProps={inside}
      />
    );
  }
  if (shape === "list") {
    return (
      <TextInput
        {...label}
        description={t("filter_list_hint")}
        defaultValue={Array.isArray(value) ? value.join(", ") : ""}
        onChange={(event) =>
          onChange(
            event.currentTarget.value
              .split(/[,，、\s]+/)
              .filter(Boolean)
              .map((one) => typed(field, one)),
          )
        }
      />
    );
  }
  if (options) {
    return (
      <Select
        {...label}
        data={options}
        searchable
        value={value === undefined || value === null ? null : String(value)}
        onChange={(next) => onChange(field.type === "bool" ? next === "true" : (next ?? undefined))}
        comboboxProps={inside}
      />
    );
  }
  return (
    <Scalar
      field={shape === "days" ? { ...field, type: "number" } : field}
      label={label}
      value={value}
      onChange={onChange}
    />
  );
}

export interface Named {
  label?: string;
  "aria-label"?: string;
  placeholder?: string;
}

/** A visible label, or — in a builder's row — a spoken one with the words as placeholder. */
const named = (words: string, bare: boolean): Named =>
  bare ? { "aria-label": words, placeholder: words } : { label: words };

const boolOptions = (t: (key: string) => string) => [
  { value: "true", label: t("common:state.yes") },
  { value: "false", label: t("common:state.no") },
];

/** Counts go as numbers, money stays decimal text. */
const typed = (field: FilterField, text: string): unknown =>
  field.type === "number" && text.trim() !== "" && Number.isFinite(Number(text)) ? Number(text) : text;

function Scalar({
  field,
  label,
  value,
  onChange,
}: {
  field: FilterField;
  label: Named;
  value: unknown;
  onChange: (value: unknown) => void;
}) {
  const initial = value === undefined || value === null ? "" : String(value);
  if (field.type === "date" || field.type === "instant") {
    return (
      <Suspense>
        <DateField
          {...label}
          value={initial ? initial.slice(0, 10) : null}
          onChange={(next) =>
            onChange(next && field.type === "instant" ? `${next}T00:00:00Z` : (next ?? undefined))
          }
          popoverProps={{ withinPortal: label.label === undefined }}
        />
      </Suspense>
    );
  }
  return (
    <TextInput
      {...label}
      inputMode={field.type === "number" || field.type === "money" ? "decimal" : undefined}
      defaultValue={initial}
      onChange={(event) => onChange(typed(field, event.currentTarget.value))}
    />
  );
}
